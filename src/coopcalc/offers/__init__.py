"""Arithmetic of share offers: how much may still be asked for, by whom, and when there is room again."""

from .guard import Bound, BoundCode, Judgement, Question, Returning, Taken, WorkingLine, guard
from .thresholds import Regime, Threshold, choices, leaves_on, threshold, window_start

__all__ = [
    "Bound",
    "BoundCode",
    "Judgement",
    "Question",
    "Regime",
    "Returning",
    "Taken",
    "Threshold",
    "WorkingLine",
    "choices",
    "guard",
    "leaves_on",
    "threshold",
    "window_start",
]
