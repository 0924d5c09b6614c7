"""Translations, compiled at start without any system package."""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import polib
from django.utils.translation import to_locale

from coopwerf.coops.states import FRENCH_WITH_PARTS, with_parts

SOURCE = Path(__file__).resolve().parent.parent


def catalogues() -> Iterator[Path]:
    """Yield every catalogue of our packages."""
    yield from sorted(SOURCE.glob("*/locale/*/LC_MESSAGES/*.po"))


def compile_catalogues() -> int:
    """Compile the catalogues that have changed since the last time; return how many."""
    done = 0
    for source in catalogues():
        targets = {source.with_suffix(".mo"): False}
        if source.parent.parent.name == "fr":
            targets[source.parents[2] / to_locale(FRENCH_WITH_PARTS) / "LC_MESSAGES" / "django.mo"] = True
        for compiled, speaks_of_parts in targets.items():
            if compiled.exists() and compiled.stat().st_mtime_ns >= source.stat().st_mtime_ns:
                continue
            done += _compile(source, compiled, with_parts if speaks_of_parts else str)
    return done


def _compile(source: Path, compiled: Path, word: Callable[[str], str]) -> bool:
    """Compile one catalogue, each of its translations changed by `word`; tell whether that could be done."""
    # Two starts at once: each writes its own file, the last name wins, both are whole.
    draft = compiled.with_suffix(f".{os.getpid()}.new")
    catalogue = polib.pofile(str(source))
    for entry in catalogue:
        entry.msgstr = word(entry.msgstr)
        entry.msgstr_plural = {number: word(text) for number, text in entry.msgstr_plural.items()}
    try:
        compiled.parent.mkdir(parents=True, exist_ok=True)
        catalogue.save_as_mofile(str(draft))
        draft.replace(compiled)
    except PermissionError:
        # A programme installed by somebody else; its catalogues were compiled then.
        with contextlib.suppress(OSError):
            draft.unlink()
        return False
    return True
