"""The player: what the actions are, and scenarios that are played through them in a co-operative for practice."""

from .schemas import Playable, playables
from .script import Line, read_script
from .stage import Outcome, Play

__all__ = ["Line", "Outcome", "Play", "Playable", "playables", "read_script"]
