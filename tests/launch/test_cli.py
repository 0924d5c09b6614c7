"""What every command promises: JSON, exit codes, sentences, and never a traceback."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from coopwerf.conf.embedded import OWNER_ROLE, WEB_ROLE, EmbeddedServer

from .conftest import clean_environment, coopwerf, eventually


def refusal(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stdout == ""
    told: dict[str, str] = json.loads(done.stderr)
    assert told["message"]
    return told


def test_help_names_our_commands_and_those_of_the_packages() -> None:
    done = coopwerf("--help")
    assert done.returncode == 0
    for name in ("up", "migrate", "doctor", "backup", "restore", "register", "verify"):
        assert f"\n  {name} " in done.stdout


def test_each_own_command_explains_itself() -> None:
    for name in ("up", "migrate", "doctor", "backup", "restore"):
        done = coopwerf(name, "--help")
        assert done.returncode == 0
        assert f"coopwerf {name}" in done.stdout


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["no-such-thing"], "launch.unknown_command"),
        (["migrate", "--twice"], "launch.usage"),
        (["backup"], "launch.usage"),
        (["up", "--port", "many"], "launch.usage"),
        (["--data-dir"], "launch.usage"),
        (["register"], "launch.usage"),
        (["register", "dance"], "launch.usage"),
    ],
)
def test_what_cannot_be_understood_is_refused_as_json(words: list[str], code: str) -> None:
    assert refusal(coopwerf(*words))["code"] == code


def test_a_mistyped_data_directory_is_refused_and_not_created(folder: Path) -> None:
    told = refusal(coopwerf("verify", "--data-dir", str(folder / "none")))
    assert told["code"] == "launch.no_data"
    assert told["path"] == str(folder / "none")
    assert not (folder / "none").exists()


def test_the_data_directory_may_stand_anywhere_in_the_line(data_dir: Path) -> None:
    for words in (["--data-dir", str(data_dir), "migrate"], ["migrate", f"--data-dir={data_dir}"]):
        done = coopwerf(*words)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout) == {"applied": []}


def test_tables_that_are_missing_are_named_with_the_remedy(folder: Path) -> None:
    with EmbeddedServer(folder / "data"):
        told = refusal(coopwerf("backup", str(folder / "b.tar"), "--data-dir", str(folder / "data")))
    assert told["code"] == "launch.not_migrated"
    assert list(folder.glob("*.tar")) == []


def test_data_of_a_newer_release_are_left_alone(data_dir: Path) -> None:
    with EmbeddedServer(data_dir) as server, psycopg.connect(server.dsn()) as connection:
        connection.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('kernel', '9999_later', now())")
    told = refusal(coopwerf("migrate", "--data-dir", str(data_dir)))
    assert told["code"] == "launch.newer_data"
    assert "kernel.9999_later" in told["message"]


def test_unreadable_secrets_are_named(data_dir: Path) -> None:
    (data_dir / "secrets.json").write_text("{")
    assert refusal(coopwerf("migrate", "--data-dir", str(data_dir)))["code"] == "launch.secrets"


def test_two_commands_at_once_without_a_running_installation(data_dir: Path) -> None:
    command = [sys.executable, "-m", "coopwerf", "migrate", "--data-dir", str(data_dir)]
    both = [subprocess.Popen(command, env=clean_environment(), stdout=subprocess.PIPE) for _number in range(2)]
    assert [json.loads(one.communicate(timeout=60)[0]) for one in both] == [{"applied": []}] * 2
    eventually(lambda: not EmbeddedServer(data_dir).is_kept())


def test_a_reader_who_leaves_early_is_no_error(data_dir: Path) -> None:
    command = f"{sys.executable} -m coopwerf --help | head -c 1"
    done = subprocess.run(command, shell=True, env=clean_environment(), capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_a_fresh_secret_for_each_installation_and_the_same_for_all_its_processes(folder: Path) -> None:
    from coopwerf.conf.embedded import Places
    from coopwerf.conf.environment import read_secrets

    (folder / "one").mkdir()
    (folder / "two").mkdir()
    one, two = (read_secrets(Places.of(folder / name)) for name in ("one", "two"))
    assert one == read_secrets(Places.of(folder / "one"))
    assert one.secret_key != two.secret_key


# A server of one's own


@pytest.fixture
def outside(folder: Path) -> Iterator[EmbeddedServer]:
    """Give a PostgreSQL server that isn't ours, without our roles but the owner's."""
    with EmbeddedServer(folder / "outside", tests=True) as server:
        with psycopg.connect(server.dsn("postgres", "postgres"), autocommit=True) as admin:
            admin.execute("DROP OWNED BY coopwerf_web")
            admin.execute("REVOKE ALL ON DATABASE coopwerf FROM coopwerf_web")
            admin.execute("DROP ROLE coopwerf_web")
        yield server


def test_a_server_of_ones_own_gets_the_web_role_and_its_tables(outside: EmbeddedServer, folder: Path) -> None:
    with psycopg.connect(outside.dsn("postgres", "postgres"), autocommit=True) as admin:
        admin.execute("ALTER ROLE coopwerf_owner CREATEROLE")
    environment = clean_environment(DATABASE_URL=outside.dsn(OWNER_ROLE))
    done = coopwerf("migrate", "--data-dir", str(folder / "data"), env=environment)
    assert done.returncode == 0, done.stderr
    assert not (folder / "data" / "pg").exists()
    with psycopg.connect(outside.dsn(WEB_ROLE)) as connection:
        assert connection.execute(
            "SELECT rolcanlogin, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchall() == [(True, False)]
    again = coopwerf("migrate", "--data-dir", str(folder / "data"), env=environment)
    assert json.loads(again.stdout) == {"applied": []}


def test_an_owner_who_may_not_create_roles_is_told_what_to_run(outside: EmbeddedServer, folder: Path) -> None:
    environment = clean_environment(DATABASE_URL=outside.dsn(OWNER_ROLE))
    told = refusal(coopwerf("migrate", "--data-dir", str(folder / "data"), env=environment))
    assert told["code"] == "launch.web_role"
    assert "CREATE ROLE coopwerf_web" in told["message"]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("postgresql://nobody@127.0.0.1:9/none", "launch.no_answer"),
        ("mysql://root@localhost/coopwerf", "launch.database_url"),
        ("postgresql://localhost", "launch.database_url"),
    ],
)
def test_an_address_that_leads_nowhere_is_refused(folder: Path, url: str, code: str) -> None:
    environment = clean_environment(DATABASE_URL=url)
    assert refusal(coopwerf("migrate", "--data-dir", str(folder / "data"), env=environment))["code"] == code


# The doctor


def test_the_doctor_finds_a_sound_installation_sound(data_dir: Path) -> None:
    done = coopwerf("doctor", "--format", "json", "--data-dir", str(data_dir))
    found = {result["check"]: result for result in json.loads(done.stdout)}
    assert done.returncode == 0
    assert {"python", "postgresql", "data", "disk", "migrations", "web role", "registers", "tenants", "guards"} <= set(
        found
    )
    assert all(result["todo"] for result in found.values() if result["status"] != "ok")


DAMAGE = [
    ("web role", "ALTER ROLE coopwerf_web BYPASSRLS"),
    ("web role", "ALTER TABLE django_session OWNER TO coopwerf_web"),
    ("web role", "GRANT coopwerf_owner TO coopwerf_web"),
    ("registers", "GRANT UPDATE ON kernel_auditentry TO coopwerf_web"),
    ("tenants", "ALTER TABLE kernel_chainlink DISABLE ROW LEVEL SECURITY"),
    ("guards", "ALTER TABLE kernel_auditentry DISABLE TRIGGER ALL"),
    ("migrations", "DELETE FROM django_migrations WHERE app = 'kernel'"),
]


def test_the_doctor_finds_every_loosened_guard(data_dir: Path) -> None:
    with EmbeddedServer(data_dir) as server:
        for check, statement in DAMAGE:
            with psycopg.connect(server.dsn("postgres", "coopwerf")) as connection:
                connection.execute(statement)
                connection.commit()
            done = coopwerf("doctor", "--format", "json", "--data-dir", str(data_dir))
            failed = {result["check"] for result in json.loads(done.stdout) if result["status"] == "fail"}
            assert check in failed, statement
            assert done.returncode == 1


def test_the_doctor_finds_files_that_others_can_read(data_dir: Path) -> None:
    os.chmod(data_dir / "secrets.json", 0o644)
    done = coopwerf("doctor", "--data-dir", str(data_dir))
    assert done.returncode == 1
    assert "chmod go=" in done.stdout
