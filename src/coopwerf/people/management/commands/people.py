"""`coopwerf people …`: find somebody, show what is kept, hand over or erase their data."""

import datetime as dt
import json
import uuid
from argparse import ArgumentTypeError
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import translation

from coopwerf.kernel import chain, clock
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.command import DomainCommand
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.kernel.traces import Trace, traces
from coopwerf.people import actions, queries
from coopwerf.people.actions.erasure_list import write_list
from coopwerf.people.states import Language, Particulars


def party(text: str) -> uuid.UUID:
    """Read the id of a party."""
    try:
        return uuid.UUID(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is no id of somebody; `coopwerf people find` gives it") from None


class Command(DomainCommand):
    """Find people, hand over their data, erase them."""

    help = "Find somebody, hand over their data, erase them."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add find, show, data, one-step, erase and erasures-apply."""
        find = self.subcommand(parser, "find", self.find, help="Look somebody up by name, mail or number.", coop=False)
        find.add_argument("text", metavar="TEXT")
        show = self.subcommand(parser, "show", self.show, help="Show somebody, and what the law keeps.", coop=False)
        data = self.subcommand(parser, "data", self.data, help="Write all data about somebody as a ZIP.", coop=False)
        erase = self.subcommand(parser, "erase", self.erase, help="Erase somebody, at once.", coop=False)
        one_step = self.subcommand(
            parser,
            "one-step",
            self.one_step,
            help="Remove the second step of who lost phone and codes.",
            coop=False,
        )
        one_step.add_argument("id", metavar="ID", type=party)
        for one in (show, data, erase):
            one.add_argument("id", metavar="ID", type=party)
            one.add_argument("--language", choices=[language.value for language in Language])
        data.add_argument("file", metavar="FILE", type=Path, help="a new file")
        again = self.subcommand(
            parser, "erasures-apply", self.erasures_apply, help="Repeat the erasures of a list.", coop=False
        )
        again.add_argument("file", metavar="FILE", type=Path)

    def find(self, *, text: str, **options: Any) -> None:
        """Print who is called so."""
        on = clock.civil_date(clock.now())
        found = queries.find_parties(text, at=on)
        emails = queries.email_of([one.party_id for one in found])
        self.say(
            [
                {
                    "id": one.party_id,
                    "kind": one.kind.value,
                    "name": one.spoken,
                    "domicile": one.domicile,
                    "email": emails.get(one.party_id),
                }
                for one in found
            ]
        )

    def show(self, *, id: uuid.UUID, language: str | None, **options: Any) -> None:
        """Print who somebody is, and the notice that an erasure would print."""
        on = clock.civil_date(clock.now())
        known = _known(id, on)
        asked = queries.asked_erasure(id)
        with translation.override(language or _language(id)):
            self.say(
                {
                    "id": id,
                    "kind": known.kind.value,
                    "name": known.spoken,
                    "domicile": known.domicile,
                    "email": queries.email_of([id]).get(id),
                    "erased": known.is_erased,
                    "erasure_due": asked.due_at if asked else None,
                    **_notice(queries.notice_of(id, on)),
                }
            )

    def data(self, *, id: uuid.UUID, file: Path, language: str | None, **options: Any) -> None:
        """Write everything that is stored about somebody into a new file."""
        now = clock.now()
        _known(id, clock.civil_date(now))
        actions.record_download(actor=SYSTEM, now=now, party_id=id)
        try:
            with open(file, "xb") as target:
                file.chmod(0o600)
                queries.write_archive(id, target, now=now, language=language or _language(id))
        except FileExistsError:
            raise Refused("people.file_exists", path=str(file), file=str(file)) from None
        self.say({"file": str(file), "size": file.stat().st_size})

    def one_step(self, *, id: uuid.UUID, **options: Any) -> None:
        """Remove somebody's second step; they get a mail about it."""
        account = queries.account_of(id)
        if account is None:
            raise Refused("people.unknown")
        actions.remove_second_step(actor=SYSTEM, now=clock.now(), account_id=account.id)
        self.say({"id": id, "second_step": False})

    def erase(self, *, id: uuid.UUID, language: str | None, **options: Any) -> None:
        """Erase somebody, and print what stays and why."""
        now = clock.now()
        _known(id, clock.civil_date(now))
        called = _called(id)
        with translation.override(language or _language(id)):
            notice = actions.erase_party(actor=SYSTEM, now=now, party_id=id)
            write_list()
            told = _notice(notice)
        stays = {(row["table"], row["row"]) for row in told["stays"]}
        told["mentions"] = [
            {"table": one.table, "row": one.row, "column": one.column}
            for one in _everywhere(called)
            if (one.table, one.row) not in stays
        ]
        self.say({"erased": id, "at": now, **told})

    def erasures_apply(self, *, file: Path, **options: Any) -> None:
        """Erase again everybody whom a list names: after a restore of an older backup."""
        done = left = 0
        for party_id, at in _listed(file):
            left += actions.repeat_erasure(actor=SYSTEM, now=clock.now(), party_id=party_id, at=at)
            done += 1
        write_list()
        self.say({"listed": done, "erased": left})


def _known(party_id: uuid.UUID, on: dt.date) -> Particulars:
    found = queries.particulars([party_id], on).get(party_id)
    if found is None:
        raise Refused("people.unknown")
    return found


def _language(party_id: uuid.UUID) -> str:
    return queries.language_of([party_id]).get(party_id, "en")


def _called(party_id: uuid.UUID) -> list[str]:
    """Return how somebody is called and reached, to look for it afterwards."""
    return [*queries.spoken_names(party_id), *queries.email_of([party_id]).values()]


def _everywhere(texts: list[str]) -> Iterator[Trace]:
    """Yield where texts stand, in the rows of the installation and of each co-operative."""
    found = set(traces(texts))
    for coop_id in chain.coops():
        with tenant(coop_id):
            found.update(traces(texts))
    yield from sorted(found)


def _notice(notice: queries.Notice) -> dict[str, Any]:
    stays: dict[tuple[str, str], dict[str, Any]] = {}
    for kept in notice.kept:
        for table, ids in (("people_partyname", kept.name_ids), ("people_partyaddress", kept.address_ids)):
            for one in sorted(ids):
                # The longest kept comes last, and counts.
                stays[table, str(one)] = {
                    "table": table,
                    "row": str(one),
                    "cooperative": kept.coop,
                    "why": str(kept.why),
                    "source": kept.source,
                    "check": kept.check,
                    "years": kept.years,
                    "until": kept.until,
                }
    return {
        "goes": list(notice.goes),
        "along": [one.party_id for one in notice.along],
        "stays": list(stays.values()),
    }


def _listed(file: Path) -> Iterator[tuple[uuid.UUID, dt.datetime]]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise Refused("kernel.file_unreadable", path=str(file)) from None
    read: list[tuple[uuid.UUID, dt.datetime]] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            told = json.loads(line)
            read.append((uuid.UUID(told["party"]), dt.datetime.fromisoformat(told["at"])))
        except (ValueError, KeyError, TypeError, AttributeError):
            if not line.rstrip().endswith("}"):
                # Half a line, of a machine that died while it wrote: the whole one stands on its own.
                continue
            raise Refused("people.list_unreadable", line=number, number=number) from None
    yield from read
