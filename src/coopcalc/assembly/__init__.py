"""Decisions of a general assembly: a rule as data, a verdict with its working, presets of law, days of notice."""

from .decide import Attendance, Part, Verdict, decide
from .notice import Counts, NoticeRule
from .presets import Notice, Preset, Reading, Source, all_presets, preset, with_statutes
from .question import Ballots, Holder, Question, Size, Sizes, parse
from .refusals import WORDS, Refused
from .results import Difference, as_json, as_text, differences, said
from .rules import Base, Cap, Counting, Inside, Of, Per, Quorum, Remainder, Rule, Tie, Unit
from .tally import Step, highest

__all__ = [
    "WORDS",
    "Attendance",
    "Ballots",
    "Base",
    "Cap",
    "Counting",
    "Counts",
    "Difference",
    "Holder",
    "Inside",
    "Notice",
    "NoticeRule",
    "Of",
    "Part",
    "Per",
    "Preset",
    "Question",
    "Quorum",
    "Reading",
    "Refused",
    "Remainder",
    "Rule",
    "Size",
    "Sizes",
    "Source",
    "Step",
    "Tie",
    "Unit",
    "Verdict",
    "all_presets",
    "as_json",
    "as_text",
    "decide",
    "differences",
    "highest",
    "parse",
    "preset",
    "said",
    "with_statutes",
]
