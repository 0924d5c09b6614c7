"""The bank, for programs: bringing its files, what each line was for, and what is owed."""

from . import statements, lines, claims  # isort: skip  # the order in which the document tells them
from .shapes import routes

__all__ = ["claims", "lines", "routes", "statements"]
