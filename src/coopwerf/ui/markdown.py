"""Markdown as people write it, as HTML that can do no harm, and as the plain words in it."""

import functools
import re
from collections.abc import Callable, MutableMapping, Sequence
from typing import Any, Final

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import table
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

Picture = Callable[[str, str], str]
"""Return the HTML of a picture from its id and the words that stand for it; empty where there is none."""

PICTURE: Final = "picture:"
"""How a text names a picture that was kept beside it: `![what is seen](picture:ID)`."""

_TAGS: Final = {
    *("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "strong", "em", "s", "blockquote", "pre", "code"),
    *("ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "a"),
    *("figure", "figcaption", "img", "picture", "source", "small"),
}
_ATTRIBUTES: Final = {
    "a": {"href", "title"},
    "img": {"src", "srcset", "sizes", "alt", "lang", "width", "height", "loading"},
    "ol": {"start"},
    "th": {"scope"},
    "figure": {"class"},
    "figcaption": {"class"},
}
_WORDS: Final = re.compile(r"\s+")
_BREAKS: Final = re.compile("\r\n|\r|\x0b|\x0c")
_UNKNOWN: Final = re.compile("[\x00-\x08\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
MOST_COLUMNS: Final = 20
"""What a table may be wide. A row that is short is filled up: with hundreds of columns a page becomes a book."""


def _table(state: StateBlock, begin: int, end: int, silent: bool) -> bool:
    """Read a table, where it isn't broader than anybody reads; else it is text."""
    if (
        begin + 1 >= state.lineMax
        or state.src.count("|", state.bMarks[begin + 1], state.eMarks[begin + 1]) > MOST_COLUMNS
    ):
        return False
    return table(state, begin, end, silent)


@functools.cache
def _parser(tables: bool = True) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True})
    parser.enable(["strikethrough", "linkify"])
    if tables:
        parser.enable("table")
        parser.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    # An address without its protocol is a word with a dot more often than a link.
    parser.linkify.set({"fuzzy_link": False, "fuzzy_email": False})  # type: ignore[union-attr]
    parser.add_render_rule("image", _image)
    return parser


def _image(_renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, env: EnvType) -> str:
    """Show a picture that was kept here; of any other only the words that stand for it."""
    source = str(tokens[index].attrGet("src") or "")
    words = tokens[index].content
    picture: Picture | None = env.get("picture")
    if picture is not None and source.startswith(PICTURE):
        return picture(source.removeprefix(PICTURE), words) or escape(words)
    return escape(words)


def html(text: str, *, level: int = 2, picture: Picture | None = None, by_anybody: bool = False) -> SafeString:
    """Return a text in Markdown (CommonMark, tables, line breaks as typed) as HTML.

    Its highest heading becomes one of `level`. HTML in it is shown as text. Links lead to http, https and mailto only.
    In texts `by_anybody` search engines are told not to follow them, and there are no tables. `picture` makes the HTML
    of pictures kept beside the text: others aren't shown, so that no reader is told of to somebody else.
    """
    env: MutableMapping[str, Any] = {"picture": picture}
    parser = _parser(tables=not by_anybody)
    tokens = parser.parse(text, env)
    heads = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
    lower = level - min(heads, default=level)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{max(2, min(6, int(token.tag[1]) + lower))}"
    made = parser.renderer.render(tokens, parser.options, env)
    rel = "nofollow ugc noopener" if by_anybody else "noopener"
    return SafeString(
        nh3.clean(made, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https", "mailto"}, link_rel=rel)
    )


def known_signs(text: str) -> str:
    """Return a text as typed without the signs that XML doesn't know, with which a feed would be none.

    Word processors leave them behind: their line breaks within a paragraph become ours.
    """
    return _UNKNOWN.sub("", _BREAKS.sub("\n", text))


def plain(text: str) -> str:
    """Return a text in Markdown without its marks, paragraphs apart: for mails and descriptions."""
    blocks: list[str] = []
    links: list[str] = []
    for token in _parser().parse(text):
        if token.type == "inline":
            blocks.append(_inline(token.children or []))
        elif token.type in {"code_block", "fence"}:
            blocks.append(token.content.rstrip())
        elif token.type == "list_item_open":
            links.append(f"{token.info}{token.markup} " if token.info else "- ")
            continue
        else:
            continue
        if links:
            blocks[-1] = links.pop() + blocks[-1]
    return "\n\n".join(block for block in blocks if block.strip())


def _inline(tokens: Sequence[Token]) -> str:
    said: list[str] = []
    address = ""
    start = 0
    for token in tokens:
        if token.type in {"text", "code_inline", "image"}:
            said.append(token.content)
        elif token.type in {"softbreak", "hardbreak"}:
            said.append("\n")
        elif token.type == "link_open":
            address, start = str(token.attrGet("href") or ""), len(said)
        elif token.type == "link_close":
            words = "".join(said[start:])
            if address and address.removeprefix("mailto:") != words:
                said.append(f" ({address})")
    return "".join(said)


def beginning(text: str, length: int = 200) -> str:
    """Return the first words of a text in Markdown on one line, at most so many characters, whole words."""
    words = _WORDS.sub(" ", plain(text)).strip()
    if len(words) <= length:
        return words
    return words[: length - 1].rsplit(" ", 1)[0].rstrip(",;:.– ") + "…"
