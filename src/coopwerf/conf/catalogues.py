"""Translations: compiled at start without any system package, collected from the sources with gettext."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

SOURCE = Path(__file__).resolve().parent.parent
LANGUAGES = ("nl", "fr")


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


def collect() -> None:
    """Collect the sentences of each package into its catalogues, in an order and form that keep changes small."""
    for package in sorted(path.parent for path in SOURCE.glob("*/__init__.py")):
        for language in LANGUAGES:
            (package / "locale" / language / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [sys.executable, "-m", "django", "makemessages", "--no-location", "--no-obsolete", "--verbosity=0"]
            + [f"--locale={language}" for language in LANGUAGES]
            + ["--ignore=static", "--ignore=migrations"],
            cwd=package,
            check=True,
            env={key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
            | {"PYTHONPATH": str(SOURCE.parent)},
        )
        for language in LANGUAGES:
            _tidy(package / "locale" / language / "LC_MESSAGES" / "django.po", language)
        _remove_empty(package / "locale")


def _tidy(path: Path, language: str) -> None:
    if not path.exists():
        return
    kept = polib.pofile(str(path))
    fresh = polib.POFile(wrapwidth=118)
    fresh.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n > 1);" if language == "fr" else "nplurals=2; plural=(n != 1);",
    }
    for entry in sorted(kept, key=lambda entry: (entry.msgid, entry.msgctxt or "")):
        if entry.obsolete:
            continue
        if entry.fuzzy:
            # A guess from a similar sentence is not a translation.
            entry.msgstr = ""
            entry.msgstr_plural = dict.fromkeys(entry.msgstr_plural, "")
            entry.previous_msgid = entry.previous_msgid_plural = entry.previous_msgctxt = None
            entry.flags.remove("fuzzy")
        entry.occurrences = []
        fresh.append(entry)
    if fresh:
        fresh.save(str(path))
    else:
        path.unlink()


def _remove_empty(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            with contextlib.suppress(OSError):
                path.rmdir()
    with contextlib.suppress(OSError):
        folder.rmdir()


if __name__ == "__main__":
    collect()
