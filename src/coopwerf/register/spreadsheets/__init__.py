"""Reading the spreadsheets that people bring: XLSX and CSV, within limits, whatever else they turn out to be."""

from .limits import MOST_BYTES, MOST_ROWS
from .reading import read_sheets

__all__ = ["MOST_BYTES", "MOST_ROWS", "read_sheets"]
