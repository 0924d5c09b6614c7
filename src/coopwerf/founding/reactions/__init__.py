"""What founding does when something happens below, and what it adds to packages below."""

from . import (
    reports,
    yard,
)

__all__ = [
    "reports",
    "yard",
]
