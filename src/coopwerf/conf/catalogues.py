"""Translations, compiled at start without any system package."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import polib

SOURCE = Path(__file__).resolve().parent.parent


def catalogues() -> Iterator[Path]:
    """Yield every catalogue of our packages."""
    yield from sorted(SOURCE.glob("*/locale/*/LC_MESSAGES/*.po"))


def compile_catalogues() -> int:
    """Compile the catalogues that have changed since the last time; return how many."""
    done = 0
    for source in catalogues():
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        # Two starts at once: each writes its own file, the last name wins, both are whole.
        draft = compiled.with_suffix(f".{os.getpid()}.new")
        try:
            polib.pofile(str(source)).save_as_mofile(str(draft))
            draft.replace(compiled)
        except PermissionError:
            # A programme installed by somebody else; its catalogues were compiled then.
            with contextlib.suppress(OSError):
                draft.unlink()
            continue
        done += 1
    return done
