"""Every contract of `.importlinter` can fail, and says where and what to do: tried on a small house of our own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.settings import ROOT

PACKAGES = (
    "conf",
    "site",
    "founding",
    "events",
    "capital",
    "payments",
    "ledger",
    "register",
    "messages",
    "documents",
    "coops",
    "people",
    "ui",
    "kernel",
)
RUN = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def build(folder: Path, **files: str) -> None:
    """Build a house without faults, then write files into it (`__` stands for a slash)."""
    for package in PACKAGES:
        (folder / "coopwerf" / package).mkdir(parents=True)
        (folder / "coopwerf" / package / "__init__.py").touch()
    (folder / "coopwerf" / "__init__.py").touch()
    (folder / "coopwerf" / "messages" / "backend.py").touch()
    (folder / "coopcalc").mkdir()
    (folder / "coopcalc" / "__init__.py").write_text("import decimal\nimport coopcalc\n")
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(text)


def inspect(folder: Path) -> tuple[int, str]:
    """Run import-linter on a house with our own configuration; return its exit code and what it says."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, "--config", str(ROOT / ".importlinter"), "--no-cache", "--no-logo"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}", "COLUMNS": "400"},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_house_in_order_passes(tmp_path: Path) -> None:
    """Doors, bases, libraries and declared topics are open."""
    build(
        tmp_path,
        coopwerf__register__actions="from coopwerf.coops import queries\nfrom coopwerf.people.actions import add\n",
        coopwerf__register__models="from coopwerf.kernel.models import ChainedModel\nfrom coopwerf.ui import icons\n",
        coopwerf__register__queries__holdings="from ..models import x\n",
        coopwerf__coops__queries="",
        coopwerf__people__actions="",
        coopwerf__messages__reactions="from coopwerf.documents.papers import kinds\n",
        coopwerf__documents__papers__kinds="",
        coopwerf__kernel__models="",
        coopwerf__ui__icons="",
    )
    code, said = inspect(tmp_path)
    assert code == 0, said


FAULTS = {
    "a package that didn't sign in": ("coopwerf__lottery__queries", "", "coopwerf.lottery"),
    "a lower package that knows an upper one": (
        "coopwerf__people__queries",
        "from coopwerf.coops import queries\n",
        "coopwerf.people.queries -> coopwerf.coops.queries (l.1)",
    ),
    "documents that know letters": (
        "coopwerf__documents__actions",
        "from coopwerf.messages import actions\n",
        "coopwerf.documents.actions -> coopwerf.messages.actions (l.1)",
    ),
    "another's models": (
        "coopwerf__register__actions",
        "x = 1\nfrom coopwerf.coops.models import Coop\n",
        "coopwerf/register/actions.py:2: register.actions enters coops through models",
    ),
    "another's package, bare": (
        "coopwerf__site__web__views",
        "import coopwerf.register\n",
        "coopwerf/site/web/views.py:1: site.web.views enters register through the package itself",
    ),
    "another's workshop": (
        "coopwerf__register__actions",
        "from coopwerf.people.actions.parties import insert_parties\n",
        "coopwerf/register/actions.py:1: register.actions reaches into people.actions.parties",
    ),
    "the kernel's tables": (
        "coopwerf__coops__queries",
        "\n\nfrom coopwerf.kernel.models import (\n    AppendOnlyModel,\n    AuditEntry,\n)\n",
        "coopwerf/coops/queries.py:3: coops.queries takes AuditEntry from kernel.models",
    ),
    "the kernel's tables, as a module": (
        "coopwerf__coops__queries",
        "from coopwerf.kernel import models\n",
        "coopwerf/coops/queries.py:1: coops.queries takes models from kernel.models",
    ),
    "an unknown room": (
        "coopwerf__coops__helpers",
        "",
        "coopwerf/coops/helpers.py:1: coops has no room called helpers",
    ),
    "a query that acts": (
        "coopwerf__coops__queries",
        "from . import actions\n",
        "coopwerf/coops/queries.py:1: coops.queries imports coops.actions",
    ),
    "an action that knows the web": (
        "coopwerf__coops__actions",
        "def f():\n    from .web import forms\n",
        "coopwerf/coops/actions.py:2: coops.actions imports coops.web.forms",
    ),
    "arithmetic that needs Django": (
        "coopcalc__chain",
        "import json\nfrom django.db import models\n",
        "coopcalc/chain.py:2: coopcalc.chain imports django",
    ),
    "arithmetic that knows the application": (
        "coopcalc__chain",
        "from coopwerf.coops import queries\n",
        "coopcalc/chain.py:1: coopcalc.chain imports coopwerf.coops.queries",
    ),
    "arithmetic that rolls dice": (
        "coopcalc__lot",
        "import random\n",
        "coopcalc/lot.py:1: coopcalc.lot imports random",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named(fault: str, tmp_path: Path) -> None:
    """Each fault breaks the build, with its file and line."""
    name, text, expected = FAULTS[fault]
    others = {
        "coopwerf__coops__models": "",
        "coopwerf__coops__web__forms": "",
        "coopwerf__messages__actions": "",
        "coopwerf__people__actions__parties": "",
        "coopwerf__kernel__models": "",
    }
    if not name.startswith("coopwerf__coops__"):
        others["coopwerf__coops__queries"] = ""
    if name != "coopwerf__coops__actions":
        others["coopwerf__coops__actions"] = ""
    build(tmp_path, **others, **{name: text})
    code, said = inspect(tmp_path)
    assert code == 1, said
    assert expected in said
