"""Collect the sentences to translate into each package's catalogues, and check that these are complete.

    python -m tools.translations collect [PACKAGE…]     # what `make messages [APP=…]` does
    python -m tools.translations check [PACKAGE…]       # what `make messages-check [APP=…]` does

Templates are read by Django's own `templatize`, Python by its syntax tree: no gettext needed. A catalogue
keeps what was translated, gains what is new (filled in where another package has the same sentence
already) and loses what is no longer said. Entries name their file, not its line: lines change too often.
"""

import ast
import dataclasses
import re
import sys
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import polib
from django.utils.translation.template import templatize

from .findings import APPLICATION, ROOT, Finding, shown

LANGUAGES = {"nl": "nplurals=2; plural=(n != 1);", "fr": "nplurals=2; plural=(n > 1);"}
SAME_WORDS = Path(__file__).with_name("same_words.txt")

# function name -> positions of (context, message, plural) among its arguments
FUNCTIONS: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "ngettext": (None, 0, 1),
    "pgettext": (0, 1, None),
    "npgettext": (0, 1, 2),
}
FUNCTIONS |= {f"{name}_lazy": places for name, places in FUNCTIONS.items()}
FUNCTIONS |= {"gettext_noop": FUNCTIONS["gettext"], "_": FUNCTIONS["gettext"]}

_STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"(?<!\w)(np?gettext|pgettext|gettext|_)\(\s*({_STRING}(?:\s*,\s*{_STRING})*)", re.DOTALL)
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")
_TAG = re.compile(r"</?[a-z][^>]*>")
_LOOSE = re.compile(r"(?<=\S) (?=[:;?!»](?:\s|$|[)\]<»”.,]))|« ")


@dataclasses.dataclass(frozen=True, order=True)
class Sentence:
    """A sentence to translate: its context, itself, its plural (the last two empty where there is none)."""

    text: str
    context: str = ""
    plural: str = ""


def sentences_in_python(source: str) -> Iterator[Sentence]:
    """Yield every sentence that Python code hands to gettext as a literal."""
    tree = ast.parse(source)
    known = {name: name for name in FUNCTIONS}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            known |= {alias.asname: alias.name for alias in node.names if alias.asname and alias.name in FUNCTIONS}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called in known:
            yield from _sentence(known[called], [_literal(argument) for argument in node.args])


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _sentence(function: str, arguments: list[str | None]) -> Iterator[Sentence]:
    context, text, plural = (
        None if place is None else (arguments[place] if place < len(arguments) else None)
        for place in FUNCTIONS[function]
    )
    if text:
        yield Sentence(text, context or "", plural or "")


def sentences_in_template(source: str) -> Iterator[Sentence]:
    """Yield every sentence that a Django template translates, also those in the arguments of our own tags."""
    for function, literals in _CALL.findall(templatize(source)):
        arguments: list[str | None] = [ast.literal_eval(text) for text in re.findall(_STRING, literals, re.DOTALL)]
        yield from _sentence(function, arguments)


def sentences_of(package: Path) -> dict[Sentence, list[str]]:
    """Return the sentences of a package, each with the files that say it, in order of appearance."""
    found: dict[Sentence, list[str]] = {}
    for path in sorted(package.rglob("*")):
        if path.suffix == ".py" and "migrations" not in path.parts:
            said: Iterable[Sentence] = sentences_in_python(path.read_text())
        elif "templates" in path.parts and path.suffix in {".html", ".txt"}:
            said = sentences_in_template(path.read_text())
        else:
            continue
        for sentence in said:
            files = found.setdefault(sentence, [])
            name = path.relative_to(package).as_posix()
            if name not in files:
                files.append(name)
    return found


def packages() -> list[Path]:
    """Return the folders of the packages."""
    return sorted(path.parent for path in APPLICATION.glob("*/__init__.py"))


def catalogue_path(package: Path, language: str) -> Path:
    """Return where a package keeps its sentences in a language."""
    return package / "locale" / language / "LC_MESSAGES" / "django.po"


def _key(entry: polib.POEntry) -> Sentence:
    return Sentence(entry.msgid, entry.msgctxt or "", entry.msgid_plural or "")


def _translated(path: Path) -> dict[Sentence, polib.POEntry]:
    if not path.exists():
        return {}
    return {_key(entry): entry for entry in polib.pofile(str(path)) if not entry.obsolete and not entry.fuzzy}


def collect(only: Collection[str] = ()) -> list[Path]:
    """Bring the catalogues of these packages (all, if none is named) up to date; return those that changed."""
    changed = []
    said = {package: sentences_of(package) for package in packages()}
    for language, plurals in LANGUAGES.items():
        old = {package: _translated(catalogue_path(package, language)) for package in said}
        elsewhere = {key: entry for known in old.values() for key, entry in known.items() if entry.translated()}
        for package, sentences in said.items():
            path = catalogue_path(package, language)
            if only and package.name not in only:
                continue
            if not sentences:
                if path.exists():
                    path.unlink()
                    changed.append(path)
                continue
            catalogue = polib.POFile(wrapwidth=100)
            catalogue.metadata = {
                "Project-Id-Version": "coopwerf",
                "Language": language,
                "MIME-Version": "1.0",
                "Content-Type": "text/plain; charset=UTF-8",
                "Content-Transfer-Encoding": "8bit",
                "Plural-Forms": plurals,
            }
            for sentence, files in sentences.items():
                catalogue.append(_entry(sentence, files, old[package].get(sentence) or elsewhere.get(sentence)))
            text = str(catalogue) + "\n"
            if not path.exists() or path.read_text() != text:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
                changed.append(path)
    return changed


def _entry(sentence: Sentence, files: list[str], known: polib.POEntry | None) -> polib.POEntry:
    entry = polib.POEntry(
        msgid=sentence.text,
        msgctxt=sentence.context or None,
        msgid_plural=sentence.plural or None,
        occurrences=[(name, "") for name in files],
        flags=["python-format"] if re.search(r"%(\(\w+\))?[sd]", sentence.text + sentence.plural) else [],
    )
    if known is not None:
        entry.comment, entry.tcomment = known.comment, known.tcomment
    if sentence.plural:
        entry.msgstr_plural = {0: "", 1: ""} if known is None else known.msgstr_plural
    else:
        entry.msgstr = "" if known is None else known.msgstr
    return entry


def forms(entry: polib.POEntry) -> list[str]:
    """Return every form of a translation: one, or one for each plural."""
    return [entry.msgstr_plural[n] for n in sorted(entry.msgstr_plural)] if entry.msgid_plural else [entry.msgstr]


def placeholders(text: str) -> set[str]:
    """Return what must survive translation: placeholders, and the HTML tags around words."""
    return {match.group(0) for match in _PLACEHOLDER.finditer(text)} | set(_TAG.findall(text))


def has_words(text: str) -> bool:
    """Tell whether anything is left to translate once placeholders and tags are gone."""
    return any(letter.isalpha() for letter in _TAG.sub("", _PLACEHOLDER.sub("", text)))


def same_words() -> dict[str, set[str]]:
    """Return, by language, the sentences that are the same as in English, reviewed by people."""
    found: dict[str, set[str]] = defaultdict(set)
    for line in SAME_WORDS.read_text().splitlines():
        if line and not line.startswith("#"):
            language, _, text = line.partition(" ")
            found[language].add(text)
    return found


def faults_of(entry: polib.POEntry, language: str, allowed: set[str]) -> Iterator[str]:
    """Yield what is wrong with one translation: missing, not translated, placeholders that differ, loose signs."""
    if entry.fuzzy:
        yield "is marked fuzzy"
    if not all(forms(entry)):
        yield "is not translated"
        return
    wanted = placeholders(entry.msgid_plural or entry.msgid)
    for form in forms(entry):
        # A singular may say "one" without its number.
        lacking = wanted - placeholders(form) if form == forms(entry)[-1] else set()
        strange = placeholders(form) - wanted - placeholders(entry.msgid)
        if lacking or strange:
            yield f"differs in its placeholders: {', '.join(sorted(lacking | strange))}"
        if form in (entry.msgid, entry.msgid_plural) and has_words(form) and form not in allowed:
            yield "is the English sentence"
        if language == "fr" and _LOOSE.search(form):
            yield "has a plain blank where French has one that doesn't break: before : ; ? ! » and after «"
        if form.startswith("\n") != entry.msgid.startswith("\n") or form.endswith("\n") != entry.msgid.endswith("\n"):
            yield "begins or ends with a line break where the original doesn't"


def findings() -> list[Finding]:
    """Return everything that makes a catalogue incomplete or wrong."""
    found: list[Finding] = []
    allowed = same_words()
    used: dict[str, set[str]] = defaultdict(set)
    meanings: dict[tuple[str, Sentence], dict[tuple[str, ...], str]] = defaultdict(dict)
    for package in packages():
        said = sentences_of(package)
        for language in LANGUAGES:
            path = catalogue_path(package, language)
            if not path.exists():
                if said:
                    found.append(Finding(shown(path), 1, f"{len(said)} sentences have no catalogue", "make messages"))
                continue
            entries = {_key(entry): entry for entry in polib.pofile(str(path))}
            for sentence in said.keys() - entries.keys():
                found.append(Finding(shown(path), 1, f"lacks “{sentence.text}”", "make messages, then translate"))
            for sentence, entry in entries.items():
                if entry.obsolete or sentence not in said:
                    found.append(
                        Finding(
                            shown(path), entry.linenum or 1, f"“{sentence.text}” is no longer said", "make messages"
                        )
                    )
                    continue
                for fault in faults_of(entry, language, allowed[language]):
                    found.append(Finding(shown(path), entry.linenum or 1, f"“{sentence.text}” {fault}"))
                used[language] |= {form for form in forms(entry) if form in (entry.msgid, entry.msgid_plural)}
                if all(forms(entry)):
                    meanings[language, sentence].setdefault(tuple(forms(entry)), shown(path))
    for (_language, sentence), said_as in meanings.items():
        if len(said_as) > 1:
            told = "; ".join(f"“{forms_[0]}” in {path}" for forms_, path in said_as.items())
            found.append(
                Finding(
                    next(iter(said_as.values())),
                    1,
                    f"“{sentence.text}” is translated in two ways: {told}",
                    "The whole application shares one: choose, or tell them apart with a context (pgettext).",
                )
            )
    for language, words in allowed.items():
        for word in sorted(words - used[language]):
            found.append(Finding(shown(SAME_WORDS), 1, f"nobody says “{word}” in {language} any more", "Remove it."))
    return sorted(found)


def main(arguments: list[str]) -> int:
    """Run a command line: `collect` or `check`; return its exit code."""
    match arguments:
        case ["collect", *only]:
            for path in collect(only):
                print(path.relative_to(ROOT).as_posix())
            return 0
        case ["check", *only]:
            found = [finding for finding in findings() if not only or finding.file.split("/")[2] in only]
            for finding in found:
                print(finding)
            print(f"{len(found)} faults in the catalogues." if found else "The catalogues are complete.")
            return 1 if found else 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
