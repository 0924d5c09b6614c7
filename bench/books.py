"""Books of the size of a large co-operative after many years: four hundred thousand lines, with their chain."""

from collections.abc import Iterator

from .figures import LEAST, Figure
from .machine import coopwerf
from .measures import Place

LINES_EACH = 4
"""So many lines for each member: two entries."""


def books(place: Place) -> Iterator[Figure]:
    """Post, and read at random dates."""
    count = place.members * LINES_EACH
    told = place.inside(f"books:{count}")
    data = f"{count:,} ledger lines, {count // 2:,} entries in the chain"
    yield Figure("posting through the action, 5,000 at a time", told["posted"], "entries a second", data=data)
    yield Figure(
        "trial balance of a random period",
        told["trial"],
        "ms, 95 of 100",
        bound=1000,
        peer="sum of all amounts",
        peer_value=told["sum"],
        data=data,
    )
    yield Figure(
        "balances of all accounts at a random date",
        told["balances"],
        "ms, 95 of 100",
        bound=2000,
        peer="sum of all amounts",
        peer_value=told["sum"],
        data=data,
    )
    proved = f"{data}; {place.members:,} members, {told['bank_lines']:,} lines of the bank"
    yield Figure(
        "proof of a random date: register, books, bank", told["proof"], "ms, 95 of 100", bound=2000, data=proved
    )
    took, _nothing = coopwerf("books", "prove", "--coop", place.slug, data_dir=place.data_dir, codes=(0, 1))
    yield Figure("the proof of today, the whole command with its start", took, "s", data=proved)
    yield Figure("opening books beside a register that is there", told["opened"], "s", data=proved)
    yield Figure("balance of one role at a random date", told["role"], "ms, 95 of 100", bound=250, data=data)
    yield Figure("journal of a random month, fifty entries", told["journal"], "ms, 95 of 100", bound=100, data=data)
    yield Figure("statement of the bank's account, a hundred lines", told["statement"], "ms, 95 of 100", data=data)
    out = place.folder / "journal.csv"
    took, _nothing = coopwerf("books", "journal", "--coop", told["slug"], data_dir=place.data_dir, out=out)
    yield Figure("the whole journal to CSV, the whole command", took, "s", data=data)
    took, verified = coopwerf("verify", "--coop", told["slug"], data_dir=place.data_dir)
    yield Figure(
        "verify the books from the database, the whole command",
        verified["entries"] / took,
        "entries/s",
        bound=5000,
        side=LEAST,
        data=data,
    )
