"""What founding writes: about reports, comments and help."""

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
from .reports import (
    ANSWERED,
    COMMENT_DECIDED,
    CONFIRM_COMMENT,
    TO_READ,
    WRITE_ALONG,
    AnsweredLetter,
    CommentLetter,
    DecidedLetter,
    ToReadLetter,
    WriteAlongLetter,
)

__all__ = [
    "ANSWER",
    "ANSWERED",
    "ARRIVED",
    "COMMENT_DECIDED",
    "CONFIRM",
    "CONFIRM_COMMENT",
    "DECISION",
    "THANKS",
    "TO_READ",
    "WRITE_ALONG",
    "AnswerLetter",
    "AnsweredLetter",
    "ArrivedLetter",
    "CommentLetter",
    "ConfirmLetter",
    "DecidedLetter",
    "DecisionLetter",
    "ThanksLetter",
    "ToReadLetter",
    "WriteAlongLetter",
]
