"""What the yard holds of somebody: told to them, and forgotten when they are."""

from .help import gather, gather_contact

__all__ = ["gather", "gather_contact"]
