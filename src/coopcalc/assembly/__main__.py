"""Deciding from a terminal, without application or database.

    python -m coopcalc.assembly decide FILE [--format json|text] [--language en|nl|fr]
    python -m coopcalc.assembly verify RESULT FILE
    python -m coopcalc.assembly presets [--country be|nl] [--on DATE] [--language en|nl|fr]
    python -m coopcalc.assembly notice [--sent DATE] [--meeting DATE] [--days N] [--counts …] [--preset NAME]

`-` reads standard input. Ends with 0 when all is well (also when a motion is rejected), 1 when something was found, 2
when the input was refused.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, NoReturn

from coopcalc.words import LANGUAGES

from . import question, rules
from .decide import decide
from .notice import Counts, NoticeRule
from .presets import COUNTRIES, Preset, all_presets, preset
from .reading import MOST_BYTES, Node, read
from .refusals import WORDS, Refused
from .results import MOST_TOLD, as_json, as_text, differences

STDIN: Final = "-"


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Refused("arguments_refused", usage=self.format_usage().strip(), why=message)


def _parser() -> _Parser:
    parser = _Parser(prog="python -m coopcalc.assembly", description="Decide on a motion, exactly and explained.")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)
    one = commands.add_parser("decide", help="say whether a motion is adopted, with the working")
    one.add_argument("file", help="a question as JSON; - reads standard input")
    one.add_argument("--format", choices=("json", "text"), default="json")
    two = commands.add_parser("verify", help="decide again, and compare with a verdict that was handed over")
    two.add_argument("result", help="the verdict as JSON")
    two.add_argument("file", help="the question as JSON; - reads standard input")
    three = commands.add_parser("presets", help="the rules that law and custom give")
    three.add_argument("--country", choices=COUNTRIES)
    three.add_argument("--on", help="only what holds on a date, YYYY-MM-DD")
    four = commands.add_parser("notice", help="days of notice between sending and meeting")
    four.add_argument("--sent", help="the day on which the notice goes out, YYYY-MM-DD")
    four.add_argument("--meeting", help="the day of the meeting, YYYY-MM-DD")
    four.add_argument("--days", help="how many days of notice")
    four.add_argument("--counts", choices=[one.value for one in Counts], help="which of the two days count along")
    four.add_argument("--preset", help="take days and counting from a preset")
    for command in (one, two, three, four):
        command.add_argument("--language", choices=LANGUAGES, default="en")
    return parser


def _bytes(name: str) -> bytes:
    try:
        if name == STDIN:
            return sys.stdin.buffer.read(MOST_BYTES + 1)
        with Path(name).open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "?"
        raise Refused("file_unreadable", file=name, why=why) from error


def _print(value: object, *, to_error: bool = False) -> None:
    (sys.stderr if to_error else sys.stdout).write(json.dumps(value, ensure_ascii=False) + "\n")


def _decide(arguments: argparse.Namespace) -> int:
    verdict = decide(question.parse(_bytes(arguments.file)))
    if arguments.format == "text":
        sys.stdout.write(as_text(verdict, arguments.language))
    else:
        _print(as_json(verdict, arguments.language))
    return 0


def _verify(arguments: argparse.Namespace) -> int:
    if arguments.result == arguments.file == STDIN:
        raise Refused("stdin_twice")
    try:
        claimed = read(_bytes(arguments.result))
    except Refused as refused:
        # Which of the two files it is has to be told; no question has a key of this name.
        refused.path = f"RESULT.{refused.path}" if refused.path else "RESULT"
        raise
    verdict = decide(question.parse(_bytes(arguments.file)))
    found = list(differences(claimed, verdict))
    told: dict[str, object] = {"ok": not found, "adopted": verdict.adopted}
    if found:
        told["findings"] = len(found)
        told["found"] = [
            {
                "code": "claim_differs",
                "path": one.path,
                "claimed": one.claimed,
                "computed": one.computed,
                "message": WORDS.sentence("claim_differs", {"path": one.path}, arguments.language),
            }
            for one in found[:MOST_TOLD]
        ]
    _print(told)
    return 1 if found else 0


def _date(text: str | None, option: str) -> date | None:
    return None if text is None else Node(text, option).date()


def _presets(arguments: argparse.Namespace) -> int:
    on = _date(arguments.on, "on")
    named = sorted({one.name for one in all_presets() if arguments.country in (None, one.country)})
    if on is None:
        chosen = [one for one in all_presets() if one.name in named]
    else:
        since = {one.name: one.valid_from for one in reversed(all_presets())}
        chosen = [preset(name, on) for name in named if since[name] <= on]
    _print([_preset_json(one, arguments.language) for one in chosen])
    return 0


def _preset_json(one: Preset, language: str) -> dict[str, Any]:
    notice = one.notice
    return {
        "name": one.name,
        "country": one.country,
        "valid_from": one.valid_from.isoformat(),
        "title": one.title[language],
        "text": one.text[language],
        "article": one.article,
        "certainty": one.certainty,
        "rule": rules.as_json(one.rule),
        "notice": notice
        and {"days": notice.days, "counts": notice.counts, "article": notice.article, "certainty": notice.certainty},
        "readings": [
            {"path": reading.path, "certainty": reading.certainty, "text": reading.text[language]}
            for reading in one.readings
        ],
    }


def _notice_rule(arguments: argparse.Namespace, on: date | None) -> NoticeRule:
    days = None if arguments.days is None else Node(arguments.days, "days").whole()
    counts = Counts(arguments.counts) if arguments.counts else None
    if arguments.preset is not None:
        given = preset(arguments.preset, on).notice
        if given is None:
            raise Refused("preset_without_notice", "preset", name=arguments.preset)
        return NoticeRule(given.days if days is None else days, counts or Counts(given.counts))
    if days is None:
        raise Refused("one_of", "days", names=("days", "preset"))
    return NoticeRule(days, counts or Counts.NEITHER)


def _notice(arguments: argparse.Namespace) -> int:
    sent, meeting = _date(arguments.sent, "sent"), _date(arguments.meeting, "meeting")
    if sent is None and meeting is None:
        raise Refused("one_of", names=("sent", "meeting"))
    rule = _notice_rule(arguments, meeting or sent)
    told: dict[str, object] = {"days": rule.days, "counts": rule.counts.value}
    facts: dict[str, object] = {"days": rule.days}
    if meeting:
        told |= {"meeting": meeting.isoformat(), "latest_sending": rule.latest_sending(meeting).isoformat()}
        facts |= {"meeting": meeting, "latest": rule.latest_sending(meeting)}
    if sent:
        told |= {"sent": sent.isoformat(), "earliest_meeting": rule.earliest_meeting(sent).isoformat()}
        facts |= {"sent": sent, "earliest": rule.earliest_meeting(sent)}
    enough = True
    if sent and meeting:
        counted, span = rule.counted(sent, meeting), rule.first_and_last(sent, meeting)
        enough = counted >= rule.days
        told |= {"counted": counted, "first": span and span[0].isoformat(), "last": span and span[1].isoformat()}
        told |= {"enough": enough, "missing": max(0, rule.days - counted)}
        facts |= {"counted": counted}
        code = "notice_enough" if enough else "notice_short"
    else:
        code = "notice_latest" if meeting else "notice_earliest"
    sentences = [
        WORDS.sentence(f"notice_counts_{rule.counts}", {"days": rule.days}, arguments.language),
        WORDS.sentence(code, facts, arguments.language),
    ]
    _print({**told, "text": " ".join(sentences)})
    return 0 if enough else 1


def _language(argv: Sequence[str] | None) -> str:
    """Return the language asked for, also where the rest of the line is no command of ours."""
    words = list(sys.argv[1:] if argv is None else argv)
    for index, word in enumerate(words):
        asked = word.removeprefix("--language=") if "=" in word else "".join(words[index + 1 : index + 2])
        if word.startswith("--language") and asked in LANGUAGES:
            return asked
    return "en"


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; return its exit code."""
    # What a claim holds may be no text at all: it is told escaped, which JSON reads back.
    sys.stdout.reconfigure(encoding="utf-8", newline="\n", errors="backslashreplace")  # type: ignore[union-attr]
    sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    run = {"decide": _decide, "verify": _verify, "presets": _presets, "notice": _notice}
    try:
        arguments = _parser().parse_args(argv)
        return run[arguments.command](arguments)
    except Refused as refused:
        told: dict[str, object] = {"code": refused.code, "message": refused.message(_language(argv))}
        if refused.line is not None:
            told["line"] = refused.line
        if refused.path:
            told["path"] = refused.path
        _print(told, to_error=True)
        return 2
    except BrokenPipeError:
        # Whoever read our output has seen enough; nothing more may be written, not even when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    raise SystemExit(main())
