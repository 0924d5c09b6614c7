"""The tripwire for locks is there, and trips."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import connection

from coopwerf.capital import queries as capital
from coopwerf.kernel import action as kernel
from coopwerf.kernel.actor import SYSTEM, Actor
from tests.cast import NOW, Cast

from .lock_order import LockOrder


def test_the_order_is_kept() -> None:
    """Down the list, or what is held already."""
    order = LockOrder()
    for table in (
        "coops_coop",
        "capital.room",
        "capital_offer",
        "people_party",
        "register_request",
        "outbox_letter",
        "kernel_chainhead",
        "people_party",
    ):
        order.take(table)
    with pytest.raises(AssertionError, match="people_account is locked after kernel_chainhead"):
        order.take("people_account")


@pytest.mark.django_db
def test_it_lies_under_every_test(wolkenwerf: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """An action that takes the head first and the co-operative after it fails."""
    monkeypatch.setattr(kernel, "_actions", dict(kernel._actions))

    def probed(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID) -> Any:
        with connection.cursor() as cursor:
            cursor.execute('SELECT 1 FROM "kernel_chainhead" WHERE coop_id = %s FOR UPDATE', [coop_id])
            cursor.execute('SELECT 1 FROM "coops_coop" WHERE id = %s FOR NO KEY UPDATE', [coop_id])

    probed.__module__ = "tests.house.probes"
    with pytest.raises(AssertionError, match="coops_coop is locked after kernel_chainhead"):
        kernel.action(verb="house.probed")(probed)(actor=SYSTEM, now=NOW, coop_id=wolkenwerf.id)


@pytest.mark.django_db
def test_it_knows_the_room_of_a_cooperative(wolkenwerf: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """An action that locks an offer and only then what all offers share fails: no row stands for that lock."""
    monkeypatch.setattr(kernel, "_actions", dict(kernel._actions))

    def counted(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID) -> None:
        with connection.cursor() as cursor:
            cursor.execute('SELECT 1 FROM "capital_offer" WHERE coop_id = %s FOR UPDATE', [coop_id])
        capital.hold_room(coop_id, uuid.uuid4())

    counted.__module__ = "tests.house.probes"
    with pytest.raises(AssertionError, match=r"capital\.room is locked after capital_offer"):
        kernel.action(verb="house.counted")(counted)(actor=SYSTEM, now=NOW, coop_id=wolkenwerf.id)
