"""Rules for templates and scripts: nothing inline, everything translated, nothing that the CSP would stop."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from .findings import APPLICATION, Finding, shown

UNTRANSLATED = Path(__file__).with_name("untranslated.txt")

# Mail has no stylesheets and no CSP: style attributes are the only way there.
STYLED = ("/mail/",)

_COMMENT = re.compile(r"{#.*?#}|{%\s*comment\b.*?%}.*?{%\s*endcomment\s*%}|<!--.*?-->", re.S)
_BLOCKTRANSLATE = re.compile(r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", re.S)
_DJANGO = re.compile(r"{%.*?%}|{{.*?}}", re.S)
_TAG = re.compile(r"{%-?\s*(\w+)(.*?)%}", re.S)
_LITERAL = re.compile(r"""(_\(\s*)?("[^"]*"|'[^']*')""")

_INLINE = {
    r"<script\b(?![^>]*\bsrc=)(?![^>]*application/(?:ld\+)?json)": "an inline script",
    r"<style\b": "an inline stylesheet",
    r"<[^<>]*\sstyle\s*=": "a style attribute",
    r"<[^<>]*\son[a-z]+\s*=": "an event handler in an attribute",
    r"javascript:": "a javascript: address",
    r"\bhx-on\b": "hx-on, which the content security policy stops",
    r"\bhx-(vals|headers|vars)\s*=\s*[\"']js:": "a js: value, which the content security policy stops",
    r"\bhx-trigger\s*=\s*[\"'][^\"']*\[": "a filter in hx-trigger, which the content security policy stops",
    r"\bhx-ext\b": "hx-ext, which this htmx doesn't know",
    r"\bno-referrer\b": "no-referrer: browsers then send forms from nowhere, and none is taken",
}

# Tags whose arguments nobody reads.
_MUTE = {
    "block",
    "blocktranslate",
    "cycle",
    "elif",
    "extends",
    "filter",
    "firstof",
    "for",
    "if",
    "ifchanged",
    "include",
}
_MUTE |= {"load", "now", "partial", "partialdef", "static", "trans", "translate", "url", "with"}
_SPOKEN_ATTRIBUTES = {"alt", "title", "placeholder", "aria-label", "aria-description", "aria-roledescription", "label"}
_UNSPOKEN_ELEMENTS = {"script", "style", "code", "kbd", "samp", "svg"}
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_WORD = re.compile(r"[^\W\d_]{2,}")


def _blank(match: re.Match[str]) -> str:
    """Return as many blanks and line breaks as the match has."""
    return re.sub(r"[^\n]", " ", match.group(0))


def templates() -> list[Path]:
    """Return every template of ours."""
    return sorted(
        path
        for path in APPLICATION.rglob("*")
        if "templates" in path.relative_to(APPLICATION).parts and path.suffix in {".html", ".txt", ".svg"}
    )


def nothing_inline(path: Path, text: str) -> Iterator[Finding]:
    """Yield scripts, styles and handlers that stand inside a page."""
    text = _COMMENT.sub(_blank, text)
    if any(part in path.as_posix() for part in STYLED):
        return
    for pattern, what in _INLINE.items():
        for match in re.finditer(pattern, text, re.I | re.S):
            yield Finding(
                shown(path),
                text.count("\n", 0, match.start()) + 1,
                what,
                "Behaviour goes in an ES module (data- attributes), looks in a stylesheet (classes).",
            )


def allowed_words() -> set[str]:
    """Return the texts that are the same in every language, looked at by people."""
    lines = UNTRANSLATED.read_text().splitlines()
    return {line.strip() for line in lines if line.strip() and not line.startswith("#")}


class _Reader(HTMLParser):
    """Collect what a person would read or hear."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.heard: list[tuple[int, str]] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            is_caption = name == "value" and tag == "input" and ("type", "submit") in attrs
            if value and (name in _SPOKEN_ATTRIBUTES or is_caption):
                self.heard.append((self.getpos()[0], value))
        if tag in _UNSPOKEN_ELEMENTS and tag not in _VOID:
            self._silent.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        before = len(self._silent)
        self.handle_starttag(tag, attrs)
        del self._silent[before:]

    def handle_endtag(self, tag: str) -> None:
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            for offset, line in enumerate(data.split("\n")):
                self.heard.append((self.getpos()[0] + offset, line))


def everything_translated(path: Path, text: str, allowed: set[str]) -> Iterator[Finding]:
    """Yield visible text outside translate and blocktranslate, also in the arguments of our own components."""
    text = _BLOCKTRANSLATE.sub(_blank, _COMMENT.sub(_blank, text))
    heard: list[tuple[int, str]] = []
    for match in _TAG.finditer(text):
        name, arguments = match.groups()
        if name in _MUTE or name.startswith("end"):
            continue
        for translated, literal in _LITERAL.findall(arguments):
            # Codes and classes are in small letters; what people read begins with a capital or ends with a mark.
            if not translated and re.match(r"[A-Z][a-z]+( |$)|\S+ .*[.!?:]$", literal[1:-1]):
                heard.append((text.count("\n", 0, match.start()) + 1, literal[1:-1]))
    plain = _DJANGO.sub(_blank, text)
    if path.suffix == ".txt":
        heard += list(enumerate(plain.split("\n"), start=1))
    else:
        reader = _Reader()
        reader.feed(plain)
        reader.close()
        heard += reader.heard
    for line, words in heard:
        said = " ".join(words.split())
        rest = said
        for word in sorted(allowed, key=len, reverse=True):
            rest = rest.replace(word, "")
        if _WORD.search(rest):
            yield Finding(shown(path), line, f"“{said[:60]}” isn't translated", "Use translate or blocktranslate.")


def scripts() -> list[Path]:
    """Return our own scripts, without those of others."""
    return sorted(path for path in APPLICATION.glob("*/static/**/*.js") if "vendor" not in path.parts)


_IMPORT = re.compile(
    r"^\s*(?:import|export)\b(?!\s*\()[^;\n]*?(?:from\s*)?['\"](?:\./|\.\./|/)[^'\"]*['\"](?!\s*;)", re.M
)
_EVALUATES = re.compile(r"\beval\s*\(|\bnew Function\b|\bdocument\.write\b|\bset(?:Timeout|Interval)\s*\(\s*['\"]")


def scripts_are_safe(path: Path, text: str) -> Iterator[Finding]:
    """Yield imports that hashing of file names would miss, and code made from text."""
    for pattern, problem, remedy in (
        (_IMPORT, "an import without a semicolon", "End it with one: only then its address gets the file's hash."),
        (_EVALUATES, "code made from text", "The content security policy stops it."),
    ):
        for match in pattern.finditer(text):
            line = text.count("\n", 0, match.start() + len(match.group(0)) - len(match.group(0).lstrip())) + 1
            yield Finding(shown(path), line, problem, remedy)


def findings() -> list[Finding]:
    """Return everything that breaks a rule in our own templates and scripts."""
    allowed = allowed_words()
    found: list[Finding] = []
    for path in templates():
        text = path.read_text()
        found.extend(nothing_inline(path, text))
        found.extend(everything_translated(path, text, allowed))
    for path in scripts():
        found.extend(scripts_are_safe(path, path.read_text()))
    return sorted(found)
