"""The letters of the yard."""

from .help import (
    ANSWER,
    ARRIVED,
    CONFIRM,
    DECISION,
    THANKS,
    AnswerLetter,
    ArrivedLetter,
    ConfirmLetter,
    DecisionLetter,
    ThanksLetter,
)

__all__ = [
    "ANSWER",
    "ARRIVED",
    "CONFIRM",
    "DECISION",
    "THANKS",
    "AnswerLetter",
    "ArrivedLetter",
    "ConfirmLetter",
    "DecisionLetter",
    "ThanksLetter",
]
