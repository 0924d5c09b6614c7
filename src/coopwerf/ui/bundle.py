"""Put our stylesheets together into `static/ui/app.css`: one request, one hashed name, in every environment the same.

The result is committed, and a test compares it with its parts, so that running the site needs no build step. After a
change in a part: `python -m coopwerf.ui.bundle`.
"""

import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "static" / "ui"
BUNDLE = FOLDER / "app.css"


def parts() -> list[Path]:
    """Return the stylesheets in the order in which they count: tokens, bare elements, components by name."""
    return [FOLDER / "tokens.css", FOLDER / "base.css", *sorted((FOLDER / "components").glob("*.css"))]


def bundled() -> str:
    """Return all parts as one stylesheet without comments and indentation."""
    css = "\n".join(part.read_text(encoding="utf-8") for part in parts())
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    lines = (line.strip() for line in css.splitlines())
    return "/* Made by coopwerf.ui.bundle from the files beside it. */\n" + "\n".join(filter(None, lines)) + "\n"


if __name__ == "__main__":
    BUNDLE.write_text(bundled(), encoding="utf-8")
