"""What founding holds of somebody: told to them, and forgotten when they are erased."""

from .help import (
    gather_help,
    gather_help_of_contact,
)
from .reports import (
    gather,
    gather_of_contact,
    tell,
)

__all__ = [
    "gather",
    "gather_help",
    "gather_help_of_contact",
    "gather_of_contact",
    "tell",
]
