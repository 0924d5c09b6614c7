"""`make` on an empty machine: which Python it takes, what it installs, and what it says when it can't."""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ["sh", "cat", "cksum", "rm", "mkdir", "basename", "dirname", "printf", "env", "head", "test"]


class Machine:
    """A clone of the scripts, and a PATH that holds only what we put there."""

    def __init__(self, folder: Path) -> None:
        self.clone = folder / "clone"
        self.bin = folder / "bin"
        self.bin.mkdir()
        (self.clone / "scripts").mkdir(parents=True)
        shutil.copy(ROOT / "scripts" / "venv.sh", self.clone / "scripts")
        for name in ("requirements.txt", "requirements-dev.txt"):
            (self.clone / name).write_text("django==5.2\n")
        for name in NEEDED:
            found = shutil.which(name)
            if found:
                (self.bin / name).symlink_to(found)

    def has(self, name: str, script: str) -> None:
        """Put a program on the PATH."""
        (self.bin / name).write_text(f"#!/bin/sh\n{script}\n")
        (self.bin / name).chmod(0o755)

    def has_python(self, *, new_enough: bool = True, makes_environments: bool = True) -> None:
        """Put a Python there; what its environments are asked to do is written to `installed`."""
        inner = f'#!/bin/sh\\ncase "$*" in *version_info*) exit 0;; esac\\necho "$*" >> {self.clone}/installed\\n'
        make = f"mkdir -p .venv/bin; printf '{inner}' > .venv/bin/python; /bin/chmod +x .venv/bin/python"
        self.has(
            "python3",
            f'case "$*" in *version_info*) exit {0 if new_enough else 1};; esac\n'
            + (make if makes_environments else "echo 'ensurepip is not available'; exit 1"),
        )

    def bootstrap(self, wanted: str = "requirements.txt") -> subprocess.CompletedProcess[str]:
        """Run the script."""
        command = [str(self.bin / "sh"), "scripts/venv.sh", wanted]
        return subprocess.run(
            command, cwd=self.clone, env={"PATH": str(self.bin)}, capture_output=True, text=True, check=False
        )

    def installs(self) -> list[str]:
        """Return what was installed since the last time."""
        log = self.clone / "installed"
        lines = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return [line for line in lines if "install" in line]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_without_python_it_names_the_packages(machine: Machine) -> None:
    done = machine.bootstrap()
    assert done.returncode == 1
    assert "python3-venv" in done.stderr
    assert "3.11" in done.stderr


def test_an_old_python_is_not_taken(machine: Machine) -> None:
    machine.has_python(new_enough=False)
    done = machine.bootstrap()
    assert done.returncode == 1
    assert "3.11" in done.stderr


def test_a_python_without_venv_is_explained(machine: Machine) -> None:
    machine.has_python(makes_environments=False)
    done = machine.bootstrap()
    assert done.returncode == 1
    assert "apt install python3-venv" in done.stderr
    assert not (machine.clone / ".venv").exists()


def test_it_installs_once_and_again_only_when_the_pins_change(machine: Machine) -> None:
    machine.has_python()
    assert machine.bootstrap().returncode == 0
    assert any("-r requirements.txt" in line for line in machine.installs())
    machine.bootstrap()
    assert machine.installs() == []
    (machine.clone / "requirements.txt").write_text("django==5.3\n")
    machine.bootstrap()
    assert machine.installs() != []


def test_the_development_set_holds_the_other_one(machine: Machine) -> None:
    machine.has_python()
    machine.bootstrap()
    machine.installs()
    machine.bootstrap("requirements-dev.txt")
    assert any("-r requirements-dev.txt" in line for line in machine.installs())
    machine.bootstrap()
    assert machine.installs() == []


def test_uv_is_taken_where_there_is_one(machine: Machine) -> None:
    make = "mkdir -p .venv/bin; printf '#!/bin/sh\\n' > .venv/bin/python; /bin/chmod +x .venv/bin/python"
    machine.has("uv", f'echo "$*" >> installed; case "$1" in venv) {make};; esac')
    assert machine.bootstrap().returncode == 0
    assert any("-r requirements.txt" in line for line in machine.installs())


def test_an_environment_of_somebody_else_is_left_alone(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (machine.clone / ".venv").symlink_to(tmp_path / "theirs")
    assert machine.bootstrap().returncode == 0
    assert os.listdir(tmp_path / "theirs") == []


def test_everything_that_is_asked_for_is_pinned_and_nothing_names_an_index() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for wanted, file in (
        (project["dependencies"], "requirements.txt"),
        (project["dependencies"] + project["optional-dependencies"]["dev"], "requirements-dev.txt"),
    ):
        text = (ROOT / file).read_text()
        pins = dict(re.findall(r"^([a-z0-9._-]+)==(\S+)$", text, re.MULTILINE | re.IGNORECASE))
        for requirement in wanted:
            name = re.split(r"[\[<>=!~ ]", requirement)[0].lower().replace("_", "-")
            assert name in pins, f"{file} lacks {name}: run `make requirements`"
        assert "://" not in text
        assert "--" not in text
