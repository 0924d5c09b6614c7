"""What founding refuses, and what it does, in words."""

from . import comments, milestones, reports

__all__ = ["comments", "milestones", "reports"]
