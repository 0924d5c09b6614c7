"""Somebody is erased in a real installation: backups made before, kills in the middle, a search through everything."""

import json
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from coopwerf.conf.embedded import EmbeddedServer, Places

from .conftest import Running, coopwerf, end, eventually
from .test_bad_days import does, environment, secretary, show, told

Row = tuple[str, str]


@pytest.fixture
def with_people(data_dir: Path) -> Path:
    """Give an installation with a co-operative of three."""
    does(data_dir, "found", "3")
    return data_dir


def rows_with(data_dir: Path, *texts: str) -> set[Row]:
    """Return (table, id) of every row in which a text stands, in whatever column, as the superuser sees them."""
    found: set[Row] = set()
    with EmbeddedServer(data_dir) as server, psycopg.connect(server.dsn("postgres", "coopwerf")) as connection:
        tables = connection.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        ).fetchall()
        assert len(tables) > 30
        for (table,) in tables:
            for (row,) in connection.execute(sql.SQL("SELECT to_jsonb(t) FROM {} t").format(sql.Identifier(table))):
                # A bytea shows itself as hex.
                text = json.dumps(row, ensure_ascii=False).casefold()
                if any(one.casefold() in text or one.encode().hex() in text for one in texts):
                    found.add((table, str(row.get("id") or row.get("pk") or row)))
    return found


def files_with(data_dir: Path, *texts: str) -> list[str]:
    """Return every file of an installation in which a text stands; PostgreSQL's own are searched through its tables."""
    cluster = Places.of(data_dir).cluster
    return [
        str(path.relative_to(data_dir))
        for path in data_dir.rglob("*")
        if path.is_file()
        and cluster not in path.parents
        and any(text.casefold().encode() in path.read_bytes().lower() for text in texts)
    ]


def id_of(data_dir: Path, name: str) -> str:
    """Return the id of the one person of that name."""
    (found,) = told(data_dir, "people", "find", name)
    return str(found["id"])


def listed(notice: dict[str, Any]) -> set[Row]:
    """Return the rows that a notice says stay."""
    return {(row["table"], row["row"]) for row in notice["stays"]}


def test_after_erasing_the_name_is_nowhere_but_in_the_rows_of_the_notice(with_people: Path) -> None:
    """A member keeps what the register keeps; somebody who belongs nowhere is gone altogether."""
    (loner,) = does(with_people, "meet", "77")
    member = id_of(with_people, "Peeters-2")
    assert rows_with(with_people, "Peeters-77", "lieve.77@example.org")
    notice = told(with_people, "people", "erase", loner)
    assert notice["stays"] == notice["mentions"] == []
    assert notice["goes"]
    assert rows_with(with_people, "Peeters-77", "lieve.77@example.org") == set()
    before = show(with_people)
    shown = told(with_people, "people", "show", member)
    notice = told(with_people, "people", "erase", member)
    assert listed(notice) == listed(shown)
    assert {row["table"] for row in notice["stays"]} == {"people_partyname", "people_partyaddress"}
    for row in notice["stays"]:
        assert row["cooperative"] == "Wolkenwerf"
        assert row["source"]
        assert row["years"] == 10
        assert row["why"]
    assert notice["mentions"] == []
    assert rows_with(with_people, "Peeters-2") == {row for row in listed(notice) if row[0] == "people_partyname"}
    assert files_with(with_people, "Peeters-2", "Peeters-77", "lieve.77") == []
    assert show(with_people) == before
    proof = told(with_people, "verify")
    assert proof["ok"]
    assert proof["erased"] == 0


def test_a_command_refuses_in_a_sentence(with_people: Path) -> None:
    """Nobody of that id, no id at all, twice, and the chair: exit 2 and what to do."""
    (loner,) = does(with_people, "meet", "77")
    assert coopwerf("people", "erase", loner, "--data-dir", str(with_people)).returncode == 0
    for words, code in (
        (("erase", str(uuid.uuid4())), "people.unknown"),
        (("erase", "Lieve"), "launch.usage"),
        (("erase", loner), "people.erased_already"),
        (("erase", id_of(with_people, "Peeters-0")), "coops.erase_after_mandate"),
        (("erasures-apply", "/nowhere"), "kernel.file_unreadable"),
    ):
        done = coopwerf("people", *words, "--data-dir", str(with_people))
        assert done.returncode == 2, words
        assert json.loads(done.stderr)["code"] == code
    bad = with_people / "bad.jsonl"
    bad.write_text('{"party": "x"}\n')
    done = coopwerf("people", "erasures-apply", str(bad), "--data-dir", str(with_people))
    assert (done.returncode, json.loads(done.stderr)["line"]) == (2, 1)


def test_somebodys_data_are_written_into_a_file_of_their_own(with_people: Path, folder: Path) -> None:
    """For whoever has no access: an operator hands over the same ZIP; a file that is there is never replaced."""
    member = id_of(with_people, "Peeters-2")
    made = told(with_people, "people", "data", member, str(folder / "mine.zip"))
    assert made["size"] == (folder / "mine.zip").stat().st_size
    assert (folder / "mine.zip").stat().st_mode & 0o777 == 0o600
    again = coopwerf("people", "data", member, str(folder / "mine.zip"), "--data-dir", str(with_people))
    assert json.loads(again.stderr)["code"] == "people.file_exists"


def test_restoring_an_older_backup_erases_again(with_people: Path, folder: Path) -> None:
    """From the list that the lost installation left, and from the one in a later backup."""
    (loner,) = does(with_people, "meet", "77")
    member = id_of(with_people, "Peeters-2")
    assert told(with_people, "backup", str(folder / "before.tar"))["heads"]
    told(with_people, "people", "erase", loner)
    notice = told(with_people, "people", "erase", member)
    assert told(with_people, "backup", str(folder / "after.tar"))["heads"]
    for name, source in (("one", with_people / "erasures.jsonl"), ("two", folder / "after.tar")):
        new = folder / name
        done = coopwerf("restore", str(folder / "before.tar"), "--erasures", str(source), "--data-dir", str(new))
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["erasures"] == 2
        assert rows_with(new, "Peeters-77", "lieve.77@example.org") == set()
        assert rows_with(new, "Peeters-2") == {row for row in listed(notice) if row[0] == "people_partyname"}
        assert show(new) == show(with_people)
        assert told(new, "verify")["ok"]
        assert (new / "erasures.jsonl").read_text() == (with_people / "erasures.jsonl").read_text()
        assert told(new, "people", "erasures-apply", str(new / "erasures.jsonl")) == {"listed": 2, "erased": 0}
    again = folder / "three"
    assert coopwerf("restore", str(folder / "after.tar"), "--data-dir", str(again)).returncode == 0
    assert rows_with(again, "Peeters-77") == set()


def kill_while(data_dir: Path, party_id: str, where: str) -> None:
    """Kill an erasure at a point."""
    running = subprocess.Popen(
        secretary(data_dir, "erase", party_id, where), env=environment(), stdout=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    assert running.stdout.readline().strip() == where
    running.kill()
    running.stdout.close()
    running.wait()


def test_killed_in_the_middle_nothing_is_erased(with_people: Path) -> None:
    """A power cut before the commit: everything is there as before, and the next try does it whole."""
    (loner,) = does(with_people, "meet", "77")
    before = rows_with(with_people, "Peeters-77", "lieve.77@example.org")
    kill_while(with_people, loner, "middle")
    assert rows_with(with_people, "Peeters-77", "lieve.77@example.org") == before
    assert not (with_people / "erasures.jsonl").exists()
    told(with_people, "people", "erase", loner)
    assert rows_with(with_people, "Peeters-77", "lieve.77@example.org") == set()
    assert told(with_people, "verify")["ok"]


@pytest.fixture
def busy(with_people: Path) -> Iterator[Running]:
    """Give a running installation."""
    running = Running(with_people)
    eventually(running.is_ready, 60)
    yield running
    end(running)


def test_killed_right_after_it_the_worker_does_the_rest(busy: Running) -> None:
    """A power cut after the commit: the paper with the name goes all the same, and the list beside is written."""
    data_dir = busy.places.data_dir
    (asked,) = does(data_dir, "ask", "register.extract", "1")
    papers = data_dir / "files" / "documents"
    eventually(lambda: list(papers.rglob(f"{asked}.pdf")), 60)
    member = id_of(data_dir, "Peeters-2")
    kill_while(data_dir, member, "after")
    eventually(lambda: not list(papers.rglob("*.pdf")), 60)
    eventually((data_dir / "erasures.jsonl").exists, 90)
    assert json.loads((data_dir / "erasures.jsonl").read_text())["party"] == member
    assert told(data_dir, "verify")["ok"]
