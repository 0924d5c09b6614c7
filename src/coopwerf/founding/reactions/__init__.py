"""What the yard does when something happens below, and what it adds to the packages there."""

from . import yard

__all__ = ["yard"]
