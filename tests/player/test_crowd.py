"""A crowd of invented members is a register like any other: whole, provable, and the same every time."""

import datetime as dt
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coopwerf.kernel import chain
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.people.models import Account, Party
from coopwerf.register import actions, queries
from coopwerf.register.actions.crowd import story
from tests.cast import NOW, Cast
from tests.launch.conftest import coopwerf
from tests.player.practice import practised

FIRST, LAST = dt.date(2020, 1, 1), dt.date(2024, 12, 31)


def fill(coop_id: Any, members: int, **other: Any) -> int:
    """Fill a register."""
    told = {"actor": SYSTEM, "now": NOW, "coop_id": coop_id, "members": members, "first": FIRST, "last": LAST}
    return actions.fill_for_practice(**{**told, **other})


def test_a_hundred_members_make_three_hundred_movements() -> None:
    """The story keeps its promise for any hundred, and two seeds tell two stories."""
    for members in (100, 300):
        months = story(members, FIRST, LAST, 1)
        deeds = [deed for month in months for deed in month.deeds]
        assert sum(len(month.joins) for month in months) == members
        moved = sum(2 if deed.what in ("transfer", "correction") else 1 for deed in deeds)
        assert abs(moved - 3 * members) <= 2
    assert story(100, FIRST, LAST, 1) == story(100, FIRST, LAST, 1)
    assert story(100, FIRST, LAST, 1) != story(100, FIRST, LAST, 2)


@pytest.mark.django_db
def test_a_filled_register_holds_and_is_the_same_again() -> None:
    """Two co-operatives filled alike show the same register on every date; both are proven to the last row."""
    shown = []
    for name in ("One", "Two"):
        coop_id = practised(name)
        movements = fill(coop_id, 200)
        chain.seal(coop_id=coop_id, at=NOW)
        with tenant(coop_id):
            proof = queries.verify(coop_id)
            assert proof.ok, proof.findings[:3]
            assert proof.verification.movements == movements
            assert abs(movements - 600) <= 2
            shown.append([list(queries.table_rows(coop_id, on)) for on in (dt.date(2022, 6, 30), LAST)])
            before = chain.position_at(coop_id, dt.datetime(2024, 3, 1, tzinfo=dt.UTC))
            assert 150 < len(queries.lines(coop_id, LAST, before)) < 180
    assert shown[0] == shown[1]
    assert len(shown[0][1]) >= 180
    assert Party.objects.filter(kind="organisation").exists()
    # The second time the same addresses were taken, and whoever signs in with them stayed who they were.
    assert Account.objects.filter(email__endswith="@bench.example").count() == 145


@pytest.mark.django_db
def test_nobody_fills_a_real_register(wolkenwerf: Cast) -> None:
    """Only the installation, only for practice, only what is empty, only in bounds; nothing is left of a refusal."""
    with pytest.raises(Refused, match=r"kernel\.not_practice"):
        fill(wolkenwerf.id, 5)
    coop_id = practised("Three")
    with pytest.raises(Refused, match=r"register\.fill_by_installation"):
        fill(coop_id, 5, actor=wolkenwerf.chair.actor)
    for wrong in ({"members": 0}, {"members": 10**7}, {"first": LAST, "last": FIRST}, {"last": dt.date(2030, 1, 1)}):
        with pytest.raises(Refused, match=r"register\.fill_bounds"):
            fill(coop_id, **{"members": 5, **wrong})
    before = Party.objects.count()
    assert fill(coop_id, 5) > 0
    assert Party.objects.count() == before + 5
    with pytest.raises(Refused, match=r"register\.fill_empty_only"):
        fill(coop_id, 5)


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """Give a place for a data directory that any user may pass through."""
    folder = Path("/tmp") / f"coopwerf-crowd-{os.getpid()}"
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_the_command_copies_and_the_register_proves_itself(data_dir: Path) -> None:
    """As an operator does it: tables, three hundred members by COPY, verified from the database and from a file."""
    at = ("--data-dir", str(data_dir))
    assert coopwerf("migrate", *at).returncode == 0
    done = coopwerf("bench-data", "--members", "600", "--until", "2026-10-31", *at)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["members"], told["movements"], told["slug"]) == (600, 1800, "proef-600")
    proven = json.loads(coopwerf("verify", *at).stdout)
    assert (proven["ok"], proven["movements"], proven["unsealed"], proven["head"]) == (True, 1800, 0, told["head"])
    shown = coopwerf("register", "show", "--at", "2020-06-30", *at).stdout
    assert shown.count("\n") > 250
