"""The layers of the house, read from where they are declared."""

import configparser
from functools import cache

from tests.settings import ROOT


@cache
def layers() -> dict[str, int]:
    """Return the height of each package: 0 is the lowest; packages on the same line share a height."""
    declared = configparser.ConfigParser()
    declared.read(ROOT / ".importlinter")
    lines = declared["importlinter:contract:layers"]["layers"].split("\n")
    rows = [[name.strip(" ()") for name in line.split("|")] for line in lines if line.strip()]
    return {name: height for height, row in enumerate(reversed(rows)) for name in row}


def package_of(module: str) -> str:
    """Return the package of ours in which a module stands."""
    return module.split(".")[1]
