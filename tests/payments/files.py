"""Bank files made by hand for tests: nobody's account, nobody's money."""

import io
from collections.abc import Sequence
from decimal import Decimal

from coopcalc.bank import Statement, collected
from coopwerf.payments import reading

OURS = "BE68539007547034"
THEIRS = "BE71096123456769"


def read(content: str | bytes) -> list[Statement]:
    """Read a file's content into whole statements."""
    raw = content.encode() if isinstance(content, str) else content
    return list(collected(reading.read(io.BytesIO(raw))))


def camt_entry(
    amount: str,
    *,
    side: str = "CRDT",
    booked: str = "2026-11-20",
    name: str = "Jana Peeters",
    iban: str = THEIRS,
    remittance: str = "<Ustrd>aandelen</Ustrd>",
    currency: str = "EUR",
    more: str = "",
    transaction: str = "",
    details: str | None = None,
    ref: str = "REF1",
) -> str:
    """Return an entry of a camt.053 with one payment, or with the details given."""
    party = "Dbtr" if side == "CRDT" else "Cdtr"
    if details is None:
        details = (
            f"<NtryDtls><TxDtls>{transaction}<RltdPties><{party}><Nm>{name}</Nm></{party}>"
            f"<{party}Acct><Id><IBAN>{iban}</IBAN></Id></{party}Acct></RltdPties>"
            f"<RmtInf>{remittance}</RmtInf></TxDtls></NtryDtls>"
        )
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>{more}<Sts>BOOK</Sts>'
        f"<BookgDt><Dt>{booked}</Dt></BookgDt><ValDt><Dt>{booked}</Dt></ValDt><AcctSvcrRef>{ref}</AcctSvcrRef>{details}</Ntry>"
    )


def camt_details(*amounts: str) -> str:
    """Return payments within an entry, each of somebody else."""
    parts = (
        f'<TxDtls><Amt Ccy="EUR">{amount}</Amt><RltdPties><Dbtr><Nm>Payer {place}</Nm></Dbtr></RltdPties></TxDtls>'
        for place, amount in enumerate(amounts, start=1)
    )
    return f"<NtryDtls>{''.join(parts)}</NtryDtls>"


def _balance(kind: str, amount: str, on: str) -> str:
    value = Decimal(amount)
    side = "DBIT" if value < 0 else "CRDT"
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{abs(value)}</Amt>'
        f"<CdtDbtInd>{side}</CdtDbtInd><Dt><Dt>{on}</Dt></Dt></Bal>"
    )


def camt_statement(
    entries: Sequence[str] = (),
    *,
    opening: str | None = "100.00",
    closing: str | None = None,
    account: str = OURS,
    number: int = 1,
    on: str = "2026-11-20",
) -> str:
    """Return a statement of a camt.053 with its entries and balances."""
    balances = "" if opening is None else _balance("OPBD", opening, on)
    balances += "" if closing is None else _balance("CLBD", closing, on)
    return (
        f"<Stmt><Id>S{number}</Id><ElctrncSeqNb>{number}</ElctrncSeqNb><Acct><Id><IBAN>{account}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
        f"{balances}{''.join(entries)}</Stmt>"
    )


def camt(*statements: str, message: str = "camt.053.001.08", tag: str = "BkToCstmrStmt", start: str = "") -> str:
    """Return a camt file with its statements."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{start}<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{message}">'
        f"<{tag}><GrpHdr><MsgId>M</MsgId></GrpHdr>{''.join(statements)}</{tag}></Document>"
    )


# CODA: 128 columns, of which each field has its own.


def _amount(amount: str) -> str:
    value = Decimal(amount)
    return ("1" if value < 0 else "0") + f"{abs(value) * 1000:015.0f}"


def coda_move(
    number: int,
    amount: str,
    *,
    detail: int = 0,
    code: str = "00150000",
    communication: str = "",
    structured: str = "",
    name: str = "JANA PEETERS",
    account: str = THEIRS,
    return_reason: str = "",
    on: str = "201126",
) -> list[str]:
    """Return the records 21, 22 and 23 of a movement; `structured` is its type and what follows."""
    said = (f"1{structured}" if structured else f"0{communication}").ljust(160)
    place = f"{number:04d}{detail:04d}"
    returned = "1" if return_reason else " "
    return [
        f"21{place}{'BANKREF' + str(number):<21}{_amount(amount)}{on}{code}{said[:54]}{on}00101 0",
        f"22{place}{said[54:107]}{'':35}{'GEBABEBB':<11}{'':3}{returned}{return_reason:<4}{'':8}1 0",
        f"23{place}{account:<34}EUR{name:<35}{said[107:150]}0 0",
    ]


def coda_statement(
    moves: Sequence[list[str]] = (),
    *,
    opening: str = "100.00",
    closing: str = "100.00",
    account: str = OURS,
    number: int = 1,
    total: str | None = None,
) -> str:
    """Return a whole statement of a CODA file; `total` is the sum of what came in, where nothing went out."""
    records = [
        f"0000020112630005        BANK      {'COOP WERF CV':<26}GEBABEBB   00123456789 00000{'':39}2".ljust(128),
        f"12{number:03d}{account:<34}EUR{_amount(opening)}191126{'COOP WERF CV':<26}{'ZICHTREKENING':<35}{number:03d}",
        *[record for move in moves for record in move],
        f"8{number:03d}{account:<34}EUR{_amount(closing)}201126".ljust(127) + "0",
    ]
    count = sum(record[0] in "1238" for record in records)
    came_in = Decimal(closing) - Decimal(opening) if total is None else Decimal(total)
    records.append(f"9{'':15}{count:06d}{0:015d}{came_in * 1000:015.0f}".ljust(127) + "2")
    assert all(len(record) == 128 for record in records), [len(record) for record in records]
    return "\r\n".join(records) + "\r\n"


def mt940(*lines: str, opening: str = "100,00", closing: str = "350,00") -> str:
    """Return an MT940 statement with these lines between its balances."""
    return "\r\n".join(
        [
            *(
                "{1:F01INGBNL2ABXXX0000000000}{2:I940INGBNL2AXXXN}{4:",
                ":20:P261120000000001",
                ":25:NL20INGB0001234567EUR",
            ),
            *(":28C:00231", f":60F:C261119EUR{opening}", *lines, f":62F:C261120EUR{closing}", "-}", ""),
        ]
    )
