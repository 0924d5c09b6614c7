"""Tables that are rows on a desk and cards on a phone; cells learn their label from the head of their column."""

from functools import lru_cache

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString

from .basics import classes

register = template.Library()

STATE = "ui_table"


class _Columns:
    """The labels of a table's columns, and how far the present row is."""

    def __init__(self) -> None:
        self.labels: list[str] = []
        self.position = 0

    def next(self, span: int) -> str:
        here = self.position
        self.position += span
        return self.labels[here] if here < len(self.labels) and span == 1 else ""


class TableNode(Node):
    """Render a table with a place to remember its columns."""

    def __init__(self, nodelist: NodeList, arguments: dict[str, FilterExpression]) -> None:
        self.nodelist, self.arguments = nodelist, arguments

    def render(self, context: Context) -> SafeString:
        """Render the rows, then the table around them."""
        given = {name: value.resolve(context) for name, value in self.arguments.items()}
        with context.push(**{STATE: _Columns()}):
            content = self.nodelist.render(context)
        caption = given.get("caption", "")
        return format_html(
            '<table class="{}"{}><caption{}>{}</caption>{}</table>',
            classes("table", str(given.get("look", "cards"))),
            format_html(' id="{}"', given["id"]) if given.get("id") else "",
            "" if given.get("show_caption") else SafeString(' class="hear"'),
            caption,
            content,
        )


@register.tag
def table(parser: Parser, token: Token) -> TableNode:
    """Set a table: `{% table caption=… look="cards brief" show_caption=True id=… %}` head and rows `{% endtable %}`.

    `look`: `cards` (default: label and value on a phone), `cards brief` (name and one figure, the rest in a grey
    line), or `""` (stays a table; put it in a `table-scroll`). The caption is read aloud, and shown on request.
    """
    bits = token.split_contents()[1:]
    arguments = token_kwargs(bits, parser)
    unknown = bits or [name for name in arguments if name not in {"caption", "look", "show_caption", "id"}]
    if unknown or "caption" not in arguments:
        raise template.TemplateSyntaxError(f"table takes caption, look, show_caption and id; not {unknown}")
    nodelist = parser.parse(("endtable",))
    parser.delete_first_token()
    return TableNode(nodelist, arguments)


@register.simple_block_tag(takes_context=True)
def th(context: Context, content: str, *, end: bool = False, hear: bool = False, label: str = "") -> SafeString:
    """Head a column. `end` sets it to the right, `hear` keeps the head for who listens, `label` is a shorter one for
    the phone.
    """
    text = content.strip()
    columns = context.get(STATE)
    if columns is not None:
        columns.labels.append("" if hear else conditional_escape(label) or text)
    shown = format_html('<span class="hear">{}</span>', SafeString(text)) if hear else SafeString(text)
    return format_html('<th scope="col"{}>{}</th>', SafeString(' class="to-end"') if end else "", shown)


@register.simple_block_tag(takes_context=True)
def tr(context: Context, content: str, look: str = "", *, id: str = "") -> SafeString:
    """Set a row. `look`: `open` (its details follow) or `inside` (the details)."""
    columns = context.get(STATE)
    if columns is not None:
        columns.position = 0
    attributes = (f' class="table__{escape(look)}"' if look else "") + (f' id="{escape(id)}"' if id else "")
    return SafeString(f"<tr{attributes}>{content}</tr>")  # the content was rendered, so it is safe


CELL_LOOKS = {
    "key": "key",
    "alone": "key--alone",
    "end": "to-end",
    "sum": "sum",
    "do": "table__do",
    "words": "table__words",
    "plain": "",
}


@lru_cache(maxsize=512)
def _cell(look: str, span: int, label: str) -> tuple[str, str]:
    """Return the tags around a cell, its label escaped already; a list has thousands of cells and few kinds of them."""
    looks = look.split()
    unknown = [one for one in looks if one not in CELL_LOOKS]
    if unknown:
        raise template.TemplateSyntaxError(f"td doesn't know the look {unknown}")
    is_key = "key" in looks
    css = " ".join(filter(None, (CELL_LOOKS[one] for one in looks)))
    attributes = [
        ' scope="row"' if is_key else "",
        f' class="{css}"' if css else "",
        f' colspan="{span}"' if span > 1 else "",
        f' data-label="{label}"' if label and not is_key else "",
        " data-plain" if "plain" in looks else "",
    ]
    tag = "th" if is_key else "td"
    return f"<{tag}{''.join(attributes)}>", f"</{tag}>"


@register.simple_block_tag(takes_context=True)
def td(context: Context, content: str, look: str = "", *, span: int = 1, label: str | None = None) -> SafeString:
    """Set a cell, labelled on a phone by the head of its column.

    `look`, words apart: `key` (the row's own name, becomes its heading), `alone` (no `sum` stands beside
    that name), `end` (to the right), `sum` (the one figure
    that stays beside the name), `plain` (no label in a brief row), `do` (buttons), `words` (a
    sentence instead of figures). An empty cell disappears on a phone.
    """
    columns = context.get(STATE)
    found = columns.next(span) if columns is not None else ""
    opening, closing = _cell(look, span, found if label is None else conditional_escape(label))
    content = content.strip()
    if "<" in content and not (content[0] == "<" and content[-1] == ">"):
        # On a phone a cell is a flexible box, which would swallow the blanks between words and figures.
        content = f"<div>{content}</div>"
    return SafeString(f"{opening}{content}{closing}")  # the content was rendered, so it is safe
