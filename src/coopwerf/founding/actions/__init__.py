"""The only writers of the yard."""

from .roadmap import (
    add_evidence,
    begin_step,
    delete_step,
    drop_step,
    finish_step,
    move_promise,
    place_step,
    promise_step,
    remove_evidence,
    reopen_step,
    take_up_step,
    write_step,
)

__all__ = [
    "add_evidence",
    "begin_step",
    "delete_step",
    "drop_step",
    "finish_step",
    "move_promise",
    "place_step",
    "promise_step",
    "remove_evidence",
    "reopen_step",
    "take_up_step",
    "write_step",
]
