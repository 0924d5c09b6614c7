"""What founding holds of somebody: told to them, and forgotten when they are erased."""

from .reports import gather, gather_of_contact, tell

__all__ = ["gather", "gather_of_contact", "tell"]
