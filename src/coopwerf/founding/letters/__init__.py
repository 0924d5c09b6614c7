"""What founding writes: to who is invited to write, to who comments, to who reads comments first."""

from .reports import (
    COMMENT_DECIDED,
    CONFIRM_COMMENT,
    TO_READ,
    WRITE_ALONG,
    CommentLetter,
    DecidedLetter,
    ToReadLetter,
    WriteAlongLetter,
)

__all__ = [
    "COMMENT_DECIDED",
    "CONFIRM_COMMENT",
    "TO_READ",
    "WRITE_ALONG",
    "CommentLetter",
    "DecidedLetter",
    "ToReadLetter",
    "WriteAlongLetter",
]
