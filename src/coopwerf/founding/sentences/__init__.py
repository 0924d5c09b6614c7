"""What founding refuses, and what it does, in words."""

from . import (
    comments,
    help,
    milestones,
    project,
    reports,
    roadmap,
)

__all__ = [
    "comments",
    "help",
    "milestones",
    "project",
    "reports",
    "roadmap",
]
