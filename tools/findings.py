"""What a check of ours says: where, what is wrong, what to do."""

import dataclasses
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
APPLICATION = SOURCE / "coopwerf"


@dataclasses.dataclass(frozen=True, order=True)
class Finding:
    """Name a place that breaks a rule, and the way out."""

    file: str
    line: int
    problem: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.problem}" + (f"\n    {self.remedy}" if self.remedy else "")


def shown(path: Path) -> str:
    """Return a path as one types it from the folder in which one stands, or from the root of the house."""
    for base in (Path.cwd(), ROOT):
        if path.is_relative_to(base):
            return path.relative_to(base).as_posix()
    return path.as_posix()
