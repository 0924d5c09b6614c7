"""Our typefaces as static TrueType, for what isn't a browser: charts are measured and documents set in them."""

from pathlib import Path

FOLDER = Path(__file__).resolve().parent
"""The folder with the TrueType files (latin and latin-ext in one): text 400 and 700, heads 700."""
