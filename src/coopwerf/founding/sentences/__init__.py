"""What founding refuses, and what it does, in words."""

from . import comments, reports

__all__ = ["comments", "reports"]
