"""A co-operative's papers as they are in real life, for tests and for looking at them."""

import datetime as dt
from decimal import Decimal

from coopwerf.documents.papers import (
    Bullets,
    Certificate,
    ClassLine,
    EndingLine,
    FactRows,
    HolderLine,
    Holding,
    LeaverLine,
    Letter,
    Letterhead,
    Link,
    MemberLine,
    MemberList,
    Paragraph,
    RegisterExtract,
    RightsLine,
    Setting,
    ShareWord,
    TransferLine,
)

AT = dt.datetime(2026, 11, 23, 19, 30, tzinfo=dt.UTC)
HEAD = "10482:9f2c41d07be3a5586c0dd1f3b2a94e7765c8e0a1d3f4b29687c5e4d3c2b1a090"

WOLKENWERF = Letterhead(
    coop="Wolkenwerf",
    hue=184,
    lines=("Wolkenwerf cv", "Werkhuizenkaai 41, 1000 Brussel", "Ondernemingsnummer 0799.000.041"),
    footer="Wolkenwerf cv, erkend door de Nationale Raad voor de Coöperatie. Vragen: schrijf naar het secretariaat.",
)
PARAPLU = Letterhead(
    coop="De Blauwe Paraplu",
    hue=225,
    lines=("Coöperatie De Blauwe Paraplu U.A.", "Stationsplein 12, 3818 LE Amersfoort", "KvK 90001231"),
)

PEOPLE = (
    ("Stad en Stekker vzw", "Ninoofsesteenweg 77, 1000 Brussel", "0812.345.632"),
    ("Benali, Samira", "Graaf van Vlaanderenstraat 8 bus 3, 1080 Sint-Jans-Molenbeek", ""),
    ("De Wilde, Joris", "Coupure Links 120, 9000 Gent", ""),
    ("Lambotte, Claire", "Avenue Louis Bertrand 45, 1030 Schaerbeek", ""),
    ("Atelier Sud asbl", "Rue de Mérode 213, 1190 Forest", "0823.456.745"),
    ("Hendrickx, Bram", "Onze-Lieve-Vrouwestraat 9, 2800 Mechelen", ""),
    ("Collard, Maïté", "Rue du Pont 3, 5000 Namur", ""),
    ("Yıldız, Emre", "Haachtsesteenweg 301 bus 12, 1030 Schaarbeek", ""),
    ("O’Brien-D’Hondt, Niamh", "Kerkstraat 1, 3000 Leuven", ""),
    ("Παπαδοπούλου, Ελένη", "Wetstraat 200, 1040 Etterbeek", ""),
    ("عمر الخطيب", "Rue Haute 12, 1000 Bruxelles", ""),
    ("Okafor, Daniel 🌻", "Elsensesteenweg 88, 1050 Elsene", ""),
)


def extract(holders: int = 12, share_word: ShareWord = ShareWord.ACTION) -> RegisterExtract:
    """Return the register of Wolkenwerf with this many holders."""
    lines = tuple(
        HolderLine(
            member_no=number,
            name=PEOPLE[(number - 1) % 12][0],
            domicile=PEOPLE[(number - 1) % 12][1],
            enterprise_no=PEOPLE[(number - 1) % 12][2],
            code="B" if PEOPLE[(number - 1) % 12][2] else "A",
            shares=1 + number * 7 % 11,
            amount_per_share=Decimal("250.0000") if PEOPLE[(number - 1) % 12][2] else Decimal("25.0000"),
            paid=Decimal(1 + number * 7 % 11) * (250 if PEOPLE[(number - 1) % 12][2] else 25),
            admitted_on=dt.date(2025, 6, 18) + dt.timedelta(days=number),
        )
        for number in range(1, holders + 1)
    )
    totals = {
        code: (
            sum(line.shares for line in lines if line.code == code),
            sum((line.paid for line in lines if line.code == code), Decimal(0)),
        )
        for code in "AB"
    }
    return RegisterExtract(
        as_of=dt.date(2025, 12, 31),
        known_position=10482,
        members=holders,
        shares=totals["A"][0] + totals["B"][0],
        paid=totals["A"][1] + totals["B"][1],
        classes=(
            ClassLine(
                code="A", name="Gebruikers", shares=totals["A"][0], amount_per_share=Decimal(25), paid=totals["A"][1]
            ),
            ClassLine(
                code="B", name="Organisaties", shares=totals["B"][0], amount_per_share=Decimal(250), paid=totals["B"][1]
            ),
        ),
        holders=lines,
        transfers=(
            TransferLine(
                on=dt.date(2025, 12, 2),
                from_no=4,
                from_name="Lambotte, Claire",
                to_no=12,
                to_name="Okafor, Daniel",
                code="A",
                shares=2,
                reference="bestuur 02-12-2025, punt 5",
            ),
        ),
        endings=(
            EndingLine(
                on=dt.date(2025, 12, 31),
                member_no=13,
                name="Van Acker, Greet",
                is_exclusion=False,
                code="A",
                shares=4,
                paid_out=Decimal("100.00"),
                reference="bestuur 09-12-2025, punt 2",
            ),
        ),
        rights=(
            RightsLine(
                title="Rechten en beperkingen",
                text="Elke vennoot heeft één stem. Aandelen A worden alleen overgedragen aan wie als vennoot is "
                "aanvaard (statuten, artikel 9). Aandelen B geven recht op hetzelfde dividend per ingebrachte euro.",
            ),
        ),
        share_word=share_word,
    )


def certificate(share_word: ShareWord = ShareWord.ACTION) -> Certificate:
    """Return Claire's certificate."""
    return Certificate(
        as_of=dt.date(2026, 11, 23),
        known_position=10482,
        name="Claire Lambotte",
        domicile="Avenue Louis Bertrand 45, 1030 Schaerbeek",
        member_no=4,
        admitted_on=dt.date(2025, 6, 18),
        holdings=(
            Holding(name="A – Gebruikers", shares=8, amount_per_share=Decimal(25), paid=Decimal("200.00")),
            Holding(name="C – Steun", shares=2, amount_per_share=Decimal("12.5000"), paid=Decimal("12.50")),
        ),
        confirm_url="https://wolkenwerf.example/c/wolkenwerf/certificate/bV3pKq9ZtX2mWc7RfLhN8d/",
        share_word=share_word,
    )


def membership() -> Certificate:
    """Return the certificate of a member without shares."""
    return Certificate(
        as_of=dt.date(2026, 11, 23),
        known_position=212,
        name="Fatma Aydın",
        domicile="Leusderweg 14, 3817 KB Amersfoort",
        member_no=7,
        admitted_on=dt.date(2026, 2, 2),
        holdings=(),
        confirm_url="https://paraplu.example/c/paraplu/certificate/kP9sTq4ZtX2mWc7RfLhN8d/",
    )


def member_list() -> MemberList:
    """Return the members of De Blauwe Paraplu, 15 of them and two leavers."""
    names = "Aydın, Fatma|Bakker, Sjoerd|De Graaf, Ilse|El Amrani, Youssef|Hoekstra, Marijke|Jansen, Piet|Kaya, Deniz"
    names += "|Mulder, Ans|Osei, Kwame|Peters, Lotte|Ramdin, Ravi|Smit, Wim|Tesfay, Selam|Visser, Jaap|Zijlstra, Nynke"
    return MemberList(
        as_of=dt.date(2026, 11, 23),
        known_position=212,
        members=tuple(
            MemberLine(
                member_no=number,
                name=name,
                domicile=f"Leusderweg {10 + number * 2}, 3817 KB Amersfoort",
                admitted_on=dt.date(2026, 2, 2),
            )
            for number, name in enumerate(names.split("|"), start=1)
        ),
        leavers=(
            LeaverLine(
                member_no=16,
                name="Van Dijk, Corrie",
                domicile="Hogeweg 3, 3811 AA Amersfoort",
                admitted_on=dt.date(2026, 2, 2),
                ended_on=dt.date(2026, 8, 31),
            ),
        ),
        liability="De aansprakelijkheid van leden en oud-leden voor een tekort is uitgesloten (U.A.).",
    )


def letter() -> Letter:
    """Return the welcome of somebody without e-mail."""
    return Letter(
        address=("Mevrouw Claire Lambotte", "Avenue Louis Bertrand 45", "1030 Schaerbeek"),
        on=AT,
        place="Brussel",
        subject="Welkom bij Wolkenwerf",
        reference=("Vennoot nr. 4", "Besluit van 23-11-2026"),
        blocks=(
            Paragraph("Beste Claire Lambotte,"),
            Paragraph("Het bestuur heeft u op 23 november 2026 aanvaard als vennoot. Van harte welkom."),
            FactRows((("Vennotennummer", "4"), ("Aandelen", "8 van soort A"), ("Betaald", "€ 200,00"))),
            Paragraph("Wat u nu kunt doen:"),
            Bullets(("uw certificaat bewaren, dat bij deze brief zit;", "uw adres nakijken en fouten melden.")),
            Link("U vindt alles terug op", "https://wolkenwerf.example/c/wolkenwerf/today/"),
        ),
        closing="Met vriendelijke groet,",
        sender="Leen Goossens, secretaris",
    )


def setting(language: str, letterhead: Letterhead = WOLKENWERF) -> Setting:
    """Return how these papers are set."""
    return Setting(letterhead=letterhead, language=language, at=AT, head=HEAD)
