"""A report and time: planned for a moment that can be meant, changed by a translation, gone once taken back."""

import dataclasses
import datetime as dt
from typing import Any

import pytest

from coopwerf.founding import actions
from coopwerf.founding.actions.reports import LATEST
from coopwerf.founding.states import Rendering, ReportState
from tests.cast import NOW, Cast

from .reporting import DUTCH, FRENCH, act, drafted, facts, published, translated, write
from .test_reports import code_of, read

pytestmark = pytest.mark.django_db


def test_a_report_that_is_taken_back_is_named_nowhere_else(wolkenwerf: Cast) -> None:
    """Neither below another report, nor on the first page of the co-operative."""
    mistake = published(wolkenwerf, dataclasses.replace(DUTCH, title="Het rek is omgevallen"))
    published(wolkenwerf, now=NOW + dt.timedelta(days=1))
    elsewhere = ("reports/de-servers-staan-recht/", "", "reports/")
    assert ["Het rek is omgevallen" in read(wolkenwerf, rest) for rest in elsewhere] == [True] * 3
    actions.take_back_report(**act(wolkenwerf), report_id=mistake, reason="Het staat nog recht.")
    assert ["Het rek is omgevallen" in read(wolkenwerf, rest) for rest in elsewhere] == [False] * 3


def test_a_report_is_planned_within_a_year_and_only_before_anybody_read_it(wolkenwerf: Cast) -> None:
    report_id = drafted(wolkenwerf)
    told = {**act(wolkenwerf), "report_id": report_id}
    late = NOW + LATEST + dt.timedelta(seconds=1)
    assert code_of(actions.schedule_report, **told, at=late) == "founding.moment_past"
    actions.schedule_report(**told, at=NOW + LATEST)
    actions.publish_report(**told)
    soon = NOW + dt.timedelta(days=1)
    assert code_of(actions.schedule_report, **told, at=soon) == "founding.report_moved"
    actions.take_back_report(**told, reason="Te vroeg.")
    assert code_of(actions.schedule_report, **told, at=soon) == "founding.report_moved"
    assert facts(wolkenwerf, report_id).state is ReportState.TAKEN_BACK


def test_who_follows_a_feed_sees_that_a_translation_came(wolkenwerf: Cast) -> None:
    report_id = published(wolkenwerf)
    assert facts(wolkenwerf, report_id).changed_at == NOW
    later = NOW + dt.timedelta(days=3)
    french: dict[str, Any] = {"language": "fr", "words": FRENCH, "of_version": 1, "translator": ""}
    actions.record_translation(**act(wolkenwerf, later), **french, report_id=report_id)
    assert facts(wolkenwerf, report_id).changed_at == later


def test_a_translation_is_of_a_version_that_there_was(wolkenwerf: Cast) -> None:
    """One of a version to come would never be out of date, and what nobody reads yet can't be translated."""
    report_id = published(wolkenwerf)
    write(wolkenwerf, report_id, dataclasses.replace(DUTCH, title="Twee servers staan recht"))
    for number in (0, 2, 99):
        assert code_of(translated, wolkenwerf, report_id, of_version=number) == "founding.version_unknown"
    translated(wolkenwerf, report_id)
    assert facts(wolkenwerf, report_id).rendering("fr") is Rendering.THERE
    actions.publish_report(**act(wolkenwerf), report_id=report_id, reason="Het zijn er twee.")
    assert facts(wolkenwerf, report_id).rendering("fr") is Rendering.STALE
    translated(wolkenwerf, report_id, of_version=2)
    assert facts(wolkenwerf, report_id).rendering("fr") is Rendering.THERE
