"""Rules for every file we keep: not too long, nothing of one machine only, and a page for each package."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from .code_rules import short_enough
from .findings import APPLICATION, ROOT, Finding, shown

# Written in pieces, so that this file keeps its own rule.
_HOSTS = ("pypi" + ".org", "pythonhosted" + ".org", "registry.npmjs" + ".org", "registry.yarnpkg" + ".com")
_PLACES = re.compile(r"(?<![\w./$}*-])/(?:root|home/\w+|Users/\w+|work|workspace|tmp/\w+)(?=[/\s\"'`)]|$)")
_BINARY = {".woff2", ".ttf", ".png", ".jpg", ".pdf", ".xlsx", ".mo", ".ico", ".zip"}
_FOREIGN = ("/vendor/", "LICENSE")

# What the page of a package says, besides its name; libraries and assembly say what they are for.
HEADINGS = ("## Words", "## States", "## Invariants", "## Doors")
FREE = {"conf", "kernel", "ui"}


def kept_files() -> list[Path]:
    """Return every text file that is kept in the repository, or is about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout.split("\0")
    paths = (ROOT / name for name in listed if name)
    return sorted(path for path in paths if path.is_file() and path.suffix not in _BINARY)


def index_hosts() -> set[str]:
    """Return the hosts of package indexes: the known ones, and those that this machine is told to use."""
    told = (os.environ.get(name, "") for name in ("PIP_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX"))
    return {*_HOSTS, *(host for host in (urlsplit(url).hostname for url in told) if host)}


def names_no_machine(path: Path, text: str, hosts: set[str]) -> Iterator[Finding]:
    """Yield hosts of package indexes and absolute paths of somebody's machine."""
    for number, line in enumerate(text.splitlines(), start=1):
        for host in hosts:
            if host in line:
                yield Finding(
                    shown(path), number, "names a package index", "Each machine has its own: name the package only."
                )
        match = _PLACES.search(line)
        if match:
            yield Finding(shown(path), number, f"names a place on a machine ({match.group(0)})", "Use a relative path.")


def has_its_page(package: Path) -> Iterator[Finding]:
    """Yield what the README of a package lacks."""
    page = package / "README.md"
    if not page.exists():
        yield Finding(shown(page), 1, "is missing", f"Write half a page: {', '.join(HEADINGS)}.")
        return
    lines = page.read_text().splitlines()
    if not lines or not lines[0].startswith(f"# {package.name}"):
        yield Finding(shown(page), 1, f"doesn't begin with “# {package.name}”", "Begin with the package's name.")
    for heading in () if package.name in FREE else HEADINGS:
        if heading not in lines:
            yield Finding(shown(page), 1, f"lacks the heading “{heading}”", "Say it in a few lines, or say “None.”.")


def packages() -> list[Path]:
    """Return the packages of the application."""
    return sorted(path.parent for path in APPLICATION.glob("*/__init__.py"))


def findings() -> list[Finding]:
    """Return everything that breaks a rule in our own files."""
    found: list[Finding] = []
    hosts = index_hosts()
    for path in kept_files():
        name = path.relative_to(ROOT).as_posix()
        if any(part in name for part in _FOREIGN):
            continue
        text = path.read_text(errors="replace")
        found.extend(names_no_machine(path, text, hosts))
        if path.suffix in {".py", ".js"}:
            found.extend(short_enough(path))
    return sorted(found)
