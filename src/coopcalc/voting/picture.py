"""The picture of a count, and the table beside it, from a result alone: for web pages, papers and mails.

Three drawings: lanes (a count of several stages: who had how many votes, and where they went), bars (one stage) and
who-beats-whom (Schulze). Everything is drawn in the colour of the text around it, in tones and hatching, so that it can
be read in black and white; classes let a page give it colours of its own. No script, no style: it passes a strict
content security policy. Ids begin with what the caller gives, so that several pictures fit on one page.
"""

from dataclasses import dataclass
from html import escape

from .drawing import bars, lanes, matrix
from .drawing.paper import Paper
from .results import Count, text
from .words import Facts, listed, number, sentence


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG element and an HTML table that say the same, both as markup, safe to put into a page as it is."""

    svg: str
    table: str


def picture(count: Count, language: str = "en", *, ident: str = "count") -> Picture:
    """Draw a count in a language. `ident` begins every id in it: letters, digits and dashes."""
    if not ident.replace("-", "").isalnum() or not ident.isascii():
        raise ValueError(ident)
    paper = Paper(count, language, ident)
    if "pairwise" in count.tables:
        matrix.draw(paper)
    elif len(count.stages) == 1:
        bars.draw(paper)
    else:
        lanes.draw(paper)
    return Picture(paper.svg(_title(count, language), _description(count, language)), _table(paper))


def _title(count: Count, language: str) -> str:
    rule = sentence(f"rule_{count.rule.replace('-', '_')}", {}, language)
    return sentence("picture_title", {"title": count.title, "rule": rule}, language).strip(" :")


def _description(count: Count, language: str) -> str:
    names = listed([count.candidates[one - 1] for one in count.elected], language) or "–"
    facts: Facts = {"seats": count.seats, "valid": count.valid, "stages": len(count.stages), "names": names}
    return sentence("picture_description", facts, language)


def _table(paper: Paper) -> str:
    count, say = paper.count, paper.say
    if "pairwise" in count.tables:
        return "".join(
            _grid(say(f"table_{name}"), [["", *paper.names_of(count.tables["standing"])], *_named(paper, name)])
            for name in ("pairwise", "strongest_paths")
        )
    stages = count.stages
    head = ["", *(say("sheet_stage", stage=stage.number) for stage in stages), say("picture_outcome")]
    rows = [
        [paper.name(one), *(_votes(text(stage.votes[one]), paper) for stage in stages), paper.outcome(one)]
        for one in paper.order
    ]
    if any(stage.non_transferable for stage in stages):
        told = [_votes(text(stage.non_transferable), paper) for stage in stages]
        rows.append([say("sheet_non_transferable"), *told, ""])
    if any(stage.lost for stage in stages):
        rows.append([say("sheet_lost"), *(_votes(text(stage.lost), paper) for stage in stages), ""])
    if any(stage.quota is not None for stage in stages):
        told = ["" if stage.quota is None else _votes(text(stage.quota), paper) for stage in stages]
        rows.append([say("picture_quota"), *told, ""])
    return _grid(say("picture_table"), [head, *rows])


def _named(paper: Paper, table: str) -> list[list[str]]:
    rows = paper.count.tables[table][1:]
    return [[paper.name(one), *row[1:]] for one, row in zip(paper.count.tables["standing"], rows, strict=True)]


def _votes(votes: str, paper: Paper) -> str:
    return number(votes, paper.language)


def _grid(caption: str, rows: list[list[str]]) -> str:
    """Write rows as a table: the first one heads the columns, the first cell of each other one heads its row."""
    first, *rest = rows
    corner, *heads = first
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in heads)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in row[1:])}</tr>'
        for row in rest
    )
    return (
        f'<table class="table count-table"><caption>{escape(caption)}</caption>'
        f"<thead><tr><td>{escape(corner)}</td>{head}</tr></thead><tbody>{body}</tbody></table>"
    )
