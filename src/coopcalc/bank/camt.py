"""A streaming reader of ISO 20022 statements: camt.052, camt.053 and camt.054, whatever their version.

A file of any size takes the memory of one entry. Elements are found by their path within a statement, so that versions
which only add elements are read like those they come from. A document type declaration is refused at its first sign:
with it go entities, their expansion and every address outside the file.
"""

import codecs
import datetime as dt
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, BinaryIO, Final
from xml.parsers import expat

from .communication import cleaned, structured_in
from .statement import ZERO, Adding, Detail, Entry, Event, Head, Status, exact
from .unreadable import Unreadable

CHUNK: Final = 1 << 16
MOST_DEEP: Final = 64
LONGEST_TEXT: Final = 1 << 20

_AMOUNT: Final = re.compile(r"[+-]?(?:\d{1,18}(?:\.\d{0,10})?|\.\d{1,10})", re.ASCII)
_NAMESPACE: Final = re.compile(r"camt\.(\d{3})\.(\d{3})\.(\d{2})")
_MESSAGES: Final = ("BkToCstmrStmt", "BkToCstmrAcctRpt", "BkToCstmrDbtCdtNtfctn")
_STATEMENTS: Final = ("Stmt", "Rpt", "Ntfctn")
_STATUS: Final = {"BOOK": Status.BOOKED, "PDNG": Status.PENDING, "FUTR": Status.PENDING, "INFO": Status.INFORMATION}

_STATEMENT, _BALANCE, _ENTRY, _TRANSACTION = range(4)

# Where something stands, and under which name it is kept; "*" keeps several, "@" the currency beside the amount.
_HEAD_PATHS: Final = {
    "Id": "id",
    "ElctrncSeqNb": "number",
    "LglSeqNb": "legal_number",
    "FrToDt/FrDtTm": "from",
    "FrToDt/ToDtTm": "to",
    "FrToDt/FrDt": "from",
    "FrToDt/ToDt": "to",
    "Acct/Id/IBAN": "account",
    "Acct/Id/Othr/Id": "account",
    "Acct/Id/BBAN": "account",
    "Acct/Id/PrtryAcct/Id": "account",
    "Acct/Ccy": "currency",
    "Acct/Nm": "account_name",
    "Acct/Ownr/Nm": "holder",
}
_BALANCE_PATHS: Final = {
    "Tp/CdOrPrtry/Cd": "type",
    "Tp/CdOrPrtry/Prtry": "type",
    "Tp/Cd": "type",
    "Amt": "@amount",
    "CdtDbtInd": "side",
    "Dt/Dt": "on",
    "Dt/DtTm": "on",
}
_ENTRY_PATHS: Final = {
    "NtryRef": "entry_ref",
    "Amt": "@amount",
    "CdtDbtInd": "side",
    "RvslInd": "reversal",
    "Sts": "status",
    "Sts/Cd": "status",
    "BookgDt/Dt": "booked",
    "BookgDt/DtTm": "booked",
    "ValDt/Dt": "value",
    "ValDt/DtTm": "value",
    "AcctSvcrRef": "bank_ref",
    "BkTxCd/Domn/Cd": "domain",
    "BkTxCd/Domn/Fmly/Cd": "family",
    "BkTxCd/Domn/Fmly/SubFmlyCd": "subfamily",
    "BkTxCd/Prtry/Cd": "own_kind",
    "AddtlNtryInf": "*text",
    "AmtDtls/InstdAmt/Amt": "@instructed",
    "NtryDtls/Btch/NbOfTxs": "batch",
    "Btch/NbOfTxs": "batch",
}
_TRANSACTION_PATHS: Final = {
    "Refs/EndToEndId": "end_to_end",
    "Refs/AcctSvcrRef": "bank_ref",
    "Refs/TxId": "transaction_id",
    "Amt": "@amount",
    "CdtDbtInd": "side",
    "AmtDtls/TxAmt/Amt": "@transaction_amount",
    "AmtDtls/InstdAmt/Amt": "@instructed",
    "RltdPties/DbtrAcct/Id/IBAN": "debtor_account",
    "RltdPties/DbtrAcct/Id/Othr/Id": "debtor_account",
    "RltdPties/CdtrAcct/Id/IBAN": "creditor_account",
    "RltdPties/CdtrAcct/Id/Othr/Id": "creditor_account",
    "RltdAgts/DbtrAgt/FinInstnId/BIC": "debtor_bic",
    "RltdAgts/DbtrAgt/FinInstnId/BICFI": "debtor_bic",
    "RltdAgts/CdtrAgt/FinInstnId/BIC": "creditor_bic",
    "RltdAgts/CdtrAgt/FinInstnId/BICFI": "creditor_bic",
    "RmtInf/Ustrd": "*text",
    "RmtInf/Strd/CdtrRefInf/Ref": "*reference",
    "RmtInf/Strd/CdtrRefInf/CdtrRef": "*reference",
    "RmtInf/Strd/AddtlRmtInf": "*more_text",
    "RtrInf/Rsn/Cd": "return_code",
    "RtrInf/Rsn/Prtry": "return_code",
    "RtrInf/RtrRsn/Cd": "return_code",
    "AddtlTxInf": "*told",
    **{
        f"RltdPties/{tag}/{where}": f"{kind}_name"
        for tag, kind in (("Dbtr", "debtor"), ("Cdtr", "creditor"))
        for where in ("Nm", "Pty/Nm", "Agt/FinInstnId/Nm")
    },
    **{
        f"RltdPties/{tag}/{where}": f"ultimate_{kind}_name"
        for tag, kind in (("UltmtDbtr", "debtor"), ("UltmtCdtr", "creditor"))
        for where in ("Nm", "Pty/Nm")
    },
}


class _Node:
    """An element that may stand in a certain place: what is kept of it, and what its beginning and end mean."""

    __slots__ = ("begins", "children", "ends", "is_amount", "is_many", "key", "path", "scope")

    def __init__(self, path: str) -> None:
        self.path = path
        self.children: dict[str, _Node] = {}
        self.key: str | None = None
        self.scope = 0
        self.is_many = self.is_amount = False
        self.begins: str | None = None
        self.ends: str | None = None

    def at(self, path: str) -> "_Node":
        node = self
        for name in path.split("/"):
            node = node.children.setdefault(name, _Node(f"{node.path}/{name}".lstrip("/")))
        return node

    def keep(self, scope: int, paths: dict[str, str]) -> None:
        for path, key in paths.items():
            node = self.at(path)
            node.scope = scope
            node.is_many, node.is_amount = key.startswith("*"), key.startswith("@")
            node.key = key.lstrip("*@")

    def marks(self, begins: str, ends: str) -> None:
        self.begins, self.ends = begins, ends


def _grammar() -> _Node:
    root = _Node("")
    for message in _MESSAGES:
        for name in (message, f"{message}V01"):
            body = root.at(f"Document/{name}")
            body.marks("begin_message", "end_message")
            statement = body.at(_STATEMENTS[_MESSAGES.index(message)])
            statement.keep(_STATEMENT, _HEAD_PATHS)
            statement.marks("begin_statement", "end_statement")
            balance = statement.at("Bal")
            balance.keep(_BALANCE, _BALANCE_PATHS)
            balance.marks("begin_balance", "end_balance")
            entry = statement.at("Ntry")
            entry.keep(_ENTRY, _ENTRY_PATHS)
            entry.marks("begin_entry", "end_entry")
            for place in ("NtryDtls/TxDtls", "TxDtls"):
                transaction = entry.at(place)
                transaction.keep(_TRANSACTION, _TRANSACTION_PATHS)
                transaction.marks("begin_transaction", "end_transaction")
    return root


_ROOT: Final = _grammar()
_DOCUMENT: Final = _ROOT.children["Document"]
_NOWHERE: Final = _Node("")
_WRAPPERS: Final = ("Envelope", "BusMsg", "BusMsgEnvlp", "DataPDU", "Message", "RequestPayload")
"""Elements in which some portals hand a message on."""


def _mended(error: UnicodeError) -> tuple[str, int]:
    """Read bytes that aren't UTF-8, though the file says so, as the bank's old systems write them."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("coopcalc-bank", _mended)


class _Reader:
    """Follow the elements of one file, and keep events until somebody takes them."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.format = ""
        self._fed = 0
        self._stack: list[_Node] = []
        self._node = _ROOT
        self._text: list[str] = []
        self._scopes: list[dict[str, Any]] = [{}, {}, {}, {}]
        self._transactions: list[dict[str, Any]] = []
        self._balances: list[dict[str, Any]] = []
        self._adding = Adding()
        self._head: Head | None = None
        self._statements = 0
        self._messages = 0
        self._is_wrapped = False
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._hooks: dict[str, Callable[[], None]] = {
            name: getattr(self, f"_{name}")
            for name in (
                *("begin_message", "end_message", "begin_statement", "end_statement", "begin_balance", "end_balance"),
                *("begin_entry", "end_entry", "begin_transaction", "end_transaction"),
            )
        }

    def feed(self, data: bytes | str, *, is_last: bool = False) -> None:
        """Parse a piece of the file; raises Unreadable."""
        self._fed += len(data)
        try:
            self._parser.Parse(data, is_last)
        except expat.ExpatError as error:
            ended = error.code in _CUT_SHORT
            raise Unreadable("file_cut_short" if ended else "not_well_formed", line=error.lineno) from error
        if sum(map(len, self._text)) > LONGEST_TEXT or self._fed - self._parser.CurrentByteIndex > 2 * LONGEST_TEXT:
            raise Unreadable("text_too_long", line=self._parser.CurrentLineNumber, path=self._node.path or "Document")
        if is_last and not self._messages:
            raise Unreadable("no_statement", path="Document", line=1)

    # What the parser calls

    def _doctype(self, *_declaration: object) -> None:
        raise Unreadable("declares_entities", line=self._parser.CurrentLineNumber)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._stack.append(self._node)
        node = self._node.children.get(name)
        if node is None:
            node = self._node.children.get(name.rpartition(":")[2], _NOWHERE) if ":" in name else _NOWHERE
            if len(self._stack) > MOST_DEEP:
                raise Unreadable("too_deep", line=self._parser.CurrentLineNumber)
        if self._node is _ROOT and (node is _DOCUMENT or not self._is_wrapped):
            if node is not _DOCUMENT and name.rpartition(":")[2] in _WRAPPERS:
                self._is_wrapped = True
            else:
                self._root(node, attributes)
        if self._is_wrapped and self._node is _ROOT and node is not _DOCUMENT:
            node = _ROOT  # the letter in which the message came
        self._node = node
        self._text.clear()
        if node.is_amount:
            assert node.key is not None
            self._scopes[node.scope][f"{node.key}_currency"] = attributes.get("Ccy", "")
        elif node.begins is not None:
            self._hooks[node.begins]()

    def _characters(self, text: str) -> None:
        if self._node.key is not None:
            self._text.append(text)

    def _end(self, _name: str) -> None:
        node = self._node
        if node.key is not None:
            text = "".join(self._text).strip()
            self._text.clear()
            if text:
                if len(text) > LONGEST_TEXT:
                    raise Unreadable("text_too_long", line=self._parser.CurrentLineNumber, path=node.path)
                kept = self._scopes[node.scope]
                if node.is_many:
                    kept.setdefault(node.key, []).append(text)
                else:
                    kept[node.key] = text
        elif node.ends is not None:
            self._hooks[node.ends]()
        self._node = self._stack.pop()

    # What elements mean

    def _root(self, node: _Node, attributes: dict[str, str]) -> None:
        found = next((match for value in attributes.values() if (match := _NAMESPACE.search(value))), None)
        if node is _NOWHERE or found is None:
            raise Unreadable("no_statement", path="Document", line=self._parser.CurrentLineNumber)
        kind = found.group(1)
        if kind not in ("052", "053", "054"):
            raise Unreadable("other_message", line=self._parser.CurrentLineNumber, message=found.group(0))
        self.format = found.group(0)

    def _begin_message(self) -> None:
        self._messages += 1
        self._statements = 0

    def _end_message(self) -> None:
        if not self._statements:
            wanted = next(iter(name for name in _STATEMENTS if name in self._node.children))
            raise self._missing(f"{self._node.path}/{wanted}")

    def _begin_statement(self) -> None:
        self._statements += 1
        self._scopes[_STATEMENT] = {}
        self._balances, self._adding, self._head = [], Adding(), None

    def _end_statement(self) -> None:
        head = self._begun()
        late = self._made_head()
        self.events.append(self._adding.end(late if late != head else head))

    def _begin_balance(self) -> None:
        self._scopes[_BALANCE] = {}

    def _end_balance(self) -> None:
        self._balances.append(self._scopes[_BALANCE])

    def _begin_entry(self) -> None:
        self._begun()
        self._scopes[_ENTRY] = {}
        self._transactions = []

    def _begin_transaction(self) -> None:
        self._scopes[_TRANSACTION] = {}

    def _end_transaction(self) -> None:
        self._transactions.append(self._scopes[_TRANSACTION])

    def _end_entry(self) -> None:
        assert self._head is not None
        told = self._scopes[_ENTRY]
        amount = self._amount(told, "amount", "Amt")
        booked = self._date(told.get("booked") or told.get("value")) or self._head.ends
        parts = [self._detail(one, told, amount) for one in self._transactions]
        only = parts[0] if len(parts) == 1 else None
        text = " ".join(" ".join(told.get("text", ())).split())
        facts: dict[str, Any] = {}
        if only is not None:
            facts = {name: getattr(only, name) for name in _CARRIED}
            facts["text"] = facts["text"] or text
            facts["original"] = only.original or self._original(told, told)
        else:
            facts = {"text": text, "original": self._original(told, told)}
        facts["reference"] = facts.get("reference") or structured_in(facts["text"])
        facts["bank_ref"] = told.get("bank_ref") or facts.get("bank_ref") or told.get("entry_ref", "")
        entry = Entry(
            amount=amount,
            booked=booked,
            value=self._date(told.get("value")),
            currency=told.get("amount_currency", ""),
            status=_STATUS.get(told.get("status", "BOOK"), Status.BOOKED),
            is_reversal=told.get("reversal", "") in ("true", "1"),
            batch=int(told["batch"]) if told.get("batch", "").isdecimal() else None,
            kind="/".join(told[key] for key in ("domain", "family", "subfamily") if key in told)
            or told.get("own_kind", ""),
            details=tuple(parts) if only is None else (),
            **facts,
        )
        self._adding.add(entry)
        self.events.append(entry)

    def _detail(self, told: dict[str, Any], entry: dict[str, Any], whole: Decimal) -> Detail:
        side = told.get("side") or entry.get("side", "")
        amount = whole
        for key in ("amount", "transaction_amount"):
            same = told.get(f"{key}_currency") in (None, "", entry.get("amount_currency"))
            if key in told and same and len(self._transactions) > 1:
                amount = self._signed(told[key], side, "NtryDtls/TxDtls/Amt")
                break
        else:
            if len(self._transactions) > 1:
                amount = ZERO
        came_in = side != "DBIT"
        other, own = ("debtor", "creditor") if came_in else ("creditor", "debtor")
        assert self._head is not None
        account, ours = (told.get(f"{side}_account", "").replace(" ", "") for side in (other, own))
        named = account or told.get(f"{other}_name") or told.get(f"ultimate_{other}_name")
        if ours and ours != self._head.account and (not named or account == self._head.account):
            # A payment that came back keeps its first direction in some files: the other party is who isn't us.
            other = own
        text = " ".join(" ".join([*told.get("text", ()), *told.get("more_text", ())]).split())
        text = text or " ".join(" ".join(told.get("told", ())).split())
        references = [cleaned(one) for one in told.get("reference", ())]
        return Detail(
            amount=amount,
            name=" ".join((told.get(f"{other}_name") or told.get(f"ultimate_{other}_name", "")).split()),
            iban=told.get(f"{other}_account", "").replace(" ", ""),
            bic=told.get(f"{other}_bic", ""),
            reference=(references[0] if references else "") or structured_in(text),
            text=text,
            bank_ref=told.get("bank_ref", "") or told.get("transaction_id", ""),
            end_to_end="" if told.get("end_to_end") == "NOTPROVIDED" else told.get("end_to_end", ""),
            return_code=told.get("return_code", ""),
            original=self._original(told, entry),
        )

    def _original(self, told: dict[str, Any], entry: dict[str, Any]) -> tuple[Decimal, str] | None:
        currency = told.get("instructed_currency", "")
        if not currency or currency == entry.get("amount_currency", "") or "instructed" not in told:
            return None
        side = told.get("side") or entry.get("side", "")
        return self._signed(told["instructed"], side, "AmtDtls/InstdAmt/Amt"), currency

    # Heads

    def _begun(self) -> Head:
        if self._head is None:
            self._head = self._made_head()
            self.events.append(self._head)
        return self._head

    def _made_head(self) -> Head:
        told = self._scopes[_STATEMENT]
        account = told.get("account", "").replace(" ", "")
        if not account:
            raise self._missing(f"{self._node.path.removesuffix('/Ntry')}/Acct/Id")
        by_type: dict[str, dict[str, Any]] = {}
        for balance in self._balances:
            by_type.setdefault(balance.get("type", ""), balance)
        opening = by_type.get("OPBD") or by_type.get("PRCD")
        closing = by_type.get("CLBD")
        between = [balance for balance in self._balances if balance.get("type") == "ITBD"]
        if between:
            # A day that isn't over, or a page of a statement: the balance so far, and the one with which it began.
            if opening is None and (closing is not None or len(between) > 1):
                opening = between[0]
            closing = closing or between[-1]
        dates = [self._date(balance.get("on")) if balance else None for balance in (opening, closing)]
        number = told.get("number") or told.get("legal_number") or ""
        return Head(
            format=self.format,
            account=account,
            currency=told.get("currency") or next((b.get("amount_currency", "") for b in self._balances), ""),
            holder=told.get("holder") or told.get("account_name", ""),
            identification=told.get("id", ""),
            number=int(number) if number.isdecimal() and len(number) < 18 else None,
            begins=self._date(told.get("from")) or dates[0],
            ends=self._date(told.get("to")) or dates[1],
            opening=None if opening is None else self._amount(opening, "amount", "Amt"),
            closing=None if closing is None else self._amount(closing, "amount", "Amt"),
        )

    # Values

    def _amount(self, told: dict[str, Any], key: str, tag: str) -> Decimal:
        if key not in told:
            raise self._missing(f"{self._node.path}/{tag}")
        return self._signed(told[key], told.get("side", ""), tag)

    def _signed(self, text: str, side: str, tag: str) -> Decimal:
        if not _AMOUNT.fullmatch(text):
            raise Unreadable(
                "no_amount", line=self._parser.CurrentLineNumber, path=f"{self._node.path}/{tag}", text=text[:40]
            )
        if side not in ("CRDT", "DBIT"):
            raise self._missing(f"{self._node.path}/CdtDbtInd")
        amount = exact(Decimal(text))
        return -amount if side == "DBIT" else amount

    def _date(self, text: str | None) -> dt.date | None:
        if not text:
            return None
        try:
            return dt.date.fromisoformat(text[:10])
        except ValueError:
            raise Unreadable(
                "no_date", line=self._parser.CurrentLineNumber, path=self._node.path, text=text[:40]
            ) from None

    def _missing(self, path: str) -> Unreadable:
        return Unreadable(
            "element_missing", line=self._parser.CurrentLineNumber, path=path, element=path.split("/")[-1]
        )


_CARRIED: Final = ("name", "iban", "bic", "reference", "text", "bank_ref", "end_to_end", "return_code")
_CUT_SHORT: Final = frozenset(
    {
        expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
        expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
        expat.errors.codes[expat.errors.XML_ERROR_PARTIAL_CHAR],
        expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION],
    }
)
_DECLARED: Final = re.compile(rb"""<\?xml[^>]{0,200}encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")


def declared_charset(start: bytes) -> str:
    """Return in which charset a file without a mark of UTF-16 says that it is written: UTF-8 unless it does."""
    declared = _DECLARED.search(start[:400])
    name = "utf-8" if declared is None else declared.group(1).decode().lower()
    return "utf-8" if name == "utf8" else name


def read(file: BinaryIO) -> Iterator[Event]:
    """Yield what stands in a camt file, a piece at a time; raises Unreadable with line and element."""
    reader = _Reader()
    first = file.read(CHUNK)
    decoder = None
    if not first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and declared_charset(first) == "utf-8":
        # Text that isn't what it says it is can still be read: only letters with accents are at stake.
        decoder = codecs.getincrementaldecoder("utf-8-sig")("coopcalc-bank")
    chunk = first
    while True:
        following = file.read(CHUNK) if chunk else b""
        is_last = not following
        data: bytes | str = chunk if decoder is None else decoder.decode(chunk, is_last)
        reader.feed(data, is_last=is_last)
        yield from reader.events
        reader.events.clear()
        if is_last:
            return
        chunk = following
