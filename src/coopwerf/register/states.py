"""What can happen in a register, and what a request for membership goes through."""

import enum

from coopcalc.register.records import MovementKind, StandingEvent

__all__ = ["ENDINGS", "REQUEST_TRANSITIONS", "Ending", "MovementKind", "RequestState", "StandingEvent"]


class Ending(enum.StrEnum):
    """Say why a membership ended."""

    EXIT = "exit"
    EXCLUSION = "exclusion"
    DEATH = "death"
    DISSOLUTION = "dissolution"
    TRANSFER = "transfer"
    UNKNOWN = "unknown"


ENDINGS = [ending.value for ending in Ending]


class RequestState(enum.StrEnum):
    """Say how far a request for membership has come."""

    UNCONFIRMED = "unconfirmed"
    INCOMPLETE = "incomplete"
    COMPLETE = "complete"
    ADMITTED = "admitted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


REQUEST_TRANSITIONS: dict[RequestState, frozenset[RequestState]] = {
    RequestState.UNCONFIRMED: frozenset({RequestState.INCOMPLETE, RequestState.COMPLETE, RequestState.WITHDRAWN}),
    RequestState.INCOMPLETE: frozenset({RequestState.COMPLETE, RequestState.REFUSED, RequestState.WITHDRAWN}),
    RequestState.COMPLETE: frozenset(
        {RequestState.INCOMPLETE, RequestState.ADMITTED, RequestState.REFUSED, RequestState.WITHDRAWN}
    ),
    RequestState.ADMITTED: frozenset(),
    RequestState.REFUSED: frozenset(),
    RequestState.WITHDRAWN: frozenset(),
}
