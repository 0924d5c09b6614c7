"""The published weights of reasons, and how far matching looks."""

import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Any, Final

_DATA: Final[Mapping[str, Any]] = tomllib.loads(
    resources.files(__package__).joinpath("weights.toml").read_text(encoding="utf-8")
)
POINTS: Final[Mapping[str, int]] = _DATA["points"]
"""What each reason adds to a score."""

MOST_PROPOSALS: Final[int] = _DATA["limits"]["proposals"]
MOST_OF_ONE_AMOUNT: Final[int] = _DATA["limits"]["same_amount"]
MOST_WITH_A_WORD: Final[int] = _DATA["limits"]["common_word"]
MOST_TO_ADD_UP: Final[int] = _DATA["limits"]["adding_up"]
