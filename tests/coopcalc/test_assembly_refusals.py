"""What can't be decided is refused, with the place where it stands; nothing else ever comes out."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopcalc import assembly
from coopcalc.assembly import WORDS, Refused
from coopcalc.words import LANGUAGES

from .questions import MORE_THAN_HALF, THREE_QUARTERS

SOURCE = Path(assembly.__file__).parent


def refused(data: bytes | dict[str, Any]) -> tuple[str, str]:
    """Return the code and path with which a question is refused, and see that it is said in every language."""
    with pytest.raises(Refused) as caught:
        assembly.decide(assembly.parse(data if isinstance(data, bytes) else json.dumps(data).encode()))
    for language in LANGUAGES:
        assert caught.value.message(language)
    assert str(caught.value)
    return caught.value.code, caught.value.path


def asked(rule: dict[str, Any] | None = None, **rest: Any) -> dict[str, Any]:
    """A question that is fine but for what is given."""
    return {"rule": {**MORE_THAN_HALF, **(rule or {})}, "votes": {"for": 2, "against": 1}, **rest}


def listed(*holders: dict[str, Any], rule: dict[str, Any] | None = None, **rest: Any) -> dict[str, Any]:
    """A question with holders of shares."""
    return {"rule": {**THREE_QUARTERS, **(rule or {})}, "holders": list(holders), **rest}


BYTES: list[tuple[bytes, str, str]] = [
    (b"", "not_json", ""),
    (b"{", "not_json", ""),
    (b"[]", "object_expected", ""),
    (b"null", "object_expected", ""),
    (b"1e400", "object_expected", ""),
    (b"\xef\xbb\xbf{}", "json_bom", ""),
    ('{"a": "é"}'.encode("latin-1"), "not_utf8", ""),
    ('{"a": 1}'.encode("utf-16"), "not_utf8", ""),
    (b'{"rule": {}, "rule": {}}', "key_repeated", "rule"),
    (b'{"rule": {"unit": "member", "unit": "share"}}', "key_repeated", "rule.unit"),
    (b"[" * 100_000, "too_deep", ""),
    (b'{"a":' * 40 + b"1" + b"}" * 40, "too_deep", ".".join("a" * 33)),
    (b'{"rule": 1}\0', "not_json", ""),
    (b'{"rule": {"unit": "member"}} trailing', "not_json", ""),
]


@pytest.mark.parametrize(("data", "code", "path"), BYTES)
def test_files_that_are_no_question(data: bytes, code: str, path: str) -> None:
    """Encodings, byte order marks, repeated keys, depth, and what is no JSON."""
    assert refused(data) == (code, path)


def test_lines_are_told() -> None:
    """What is no JSON, or no UTF-8, names its line."""
    for data in (b'{\n"rule":\n}', b'{\n"rule":\n"\xff"}'):
        with pytest.raises(Refused) as caught:
            assembly.parse(data)
        assert caught.value.line == 3


def raw(votes: str) -> bytes:
    """A question with votes as they are written."""
    return b'{"rule": ' + json.dumps(MORE_THAN_HALF).encode() + b', "votes": ' + votes.encode() + b"}"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("-1", "number_negative"),
        ('"-1"', "number_negative"),
        ("1.0", "number_with_point"),
        ("1e3", "number_with_point"),
        ("1.5", "number_with_point"),
        ("NaN", "not_a_number"),
        ("Infinity", "not_a_number"),
        ("-Infinity", "not_a_number"),
        ("true", "flag_not_expected"),
        ('"1.5"', "whole_expected"),
        ('"1 000"', "whole_expected"),
        ('" 1"', "whole_expected"),
        ('"١"', "whole_expected"),
        ('"²"', "whole_expected"),
        ('"1/2"', "whole_expected"),
        ('""', "whole_expected"),
        ("[]", "whole_expected"),
        ("9" * 19, "number_too_large"),
        ("9" * 100_000, "number_too_large"),
        ('"' + "9" * 19 + '"', "whole_expected"),
    ],
)
def test_numbers_that_are_none(written: str, code: str) -> None:
    """Each with the place on which it stands."""
    assert refused(raw(f'{{"for": {written}}}')) == (code, "votes.for")


QUESTIONS: list[tuple[dict[str, Any], str, str]] = [
    ({"votes": {}}, "key_missing", "rule"),
    ({"rule": []}, "object_expected", "rule"),
    (asked(surprise=1), "key_unknown", "surprise"),
    (asked({"surprise": 1}), "key_unknown", "rule.surprise"),
    ({"rule": {"unit": "member"}, "votes": {}}, "key_missing", "rule.base"),
    (asked({"unit": "people"}), "choice_expected", "rule.unit"),
    (asked({"base": "most"}), "choice_expected", "rule.base"),
    (asked({"base": True}), "choice_expected", "rule.base"),
    (asked({"strict": 1}), "flag_expected", "rule.strict"),
    (asked({"strict": "true"}), "flag_expected", "rule.strict"),
    (asked({"threshold": 0.75}), "number_with_point", "rule.threshold"),
    (asked({"threshold": "0,75"}), "fraction_expected", "rule.threshold"),
    (asked({"threshold": "66.67%"}), "fraction_expected", "rule.threshold"),
    (asked({"threshold": "175%"}), "fraction_out_of_bounds", "rule.threshold"),
    (asked({"threshold": "1.5"}), "fraction_out_of_bounds", "rule.threshold"),
    (asked({"threshold": 2}), "fraction_out_of_bounds", "rule.threshold"),
    (asked({"threshold": True}), "flag_not_expected", "rule.threshold"),
    (asked({"threshold": "1/0"}), "denominator_zero", "rule.threshold"),
    (asked({"threshold": "0/1"}), "fraction_out_of_bounds", "rule.threshold"),
    (asked({"threshold": "4/3"}), "fraction_out_of_bounds", "rule.threshold"),
    (asked({"threshold": "-1/2"}), "fraction_expected", "rule.threshold"),
    (asked({"threshold": "1", "strict": True}), "more_than_all", "rule.threshold"),
    (asked({"blank": "for"}), "choice_expected", "rule.blank"),
    (asked({"tie": "lot"}), "choice_expected", "rule.tie"),
    (asked({"quorum": {"unit": "member"}}), "one_of", "rule.quorum"),
    (asked({"quorum": True}), "object_expected", "rule.quorum"),
    (asked({"quorum": {"fraction": "1/2", "at_least": 3}}), "one_of", "rule.quorum"),
    (asked({"quorum": {"at_least": 0}}), "number_zero", "rule.quorum.at_least"),
    (asked({"quorum": {"at_least": 3, "strict": True}}), "strict_without_fraction", "rule.quorum.strict"),
    (asked({"quorum": {"fraction": "1", "strict": True}}), "more_than_all", "rule.quorum.fraction"),
    (asked({"quorum": {"fraction": "1/2", "unit": "euro"}}), "choice_expected", "rule.quorum.unit"),
    (asked({"quorum": [{"fraction": "1/2", "call": 0}]}), "number_zero", "rule.quorum[0].call"),
    (asked({"quorum": {"fraction": "1/2", "call": []}}), "calls_expected", "rule.quorum.call"),
    (asked({"quorum": {"fraction": "1/2", "call": [1, 1]}}), "calls_expected", "rule.quorum.call"),
    (asked({"quorum": {"fraction": "1/2", "call": "last"}}), "whole_expected", "rule.quorum.call"),
    (asked({"quorum": {"fraction": "1/2"}}), "size_missing", "present"),
    (asked({"quorum": {"fraction": "1/2"}}, present=3), "size_missing", "entitled"),
    (asked({"quorum": {"fraction": "1/2", "base": "issued"}}, present=3, entitled=3), "size_missing", "issued"),
    (asked({"quorum": {"unit": "share", "at_least": 1}}, present=3), "size_missing", "present"),
    (asked({"cap": "1/10"}), "cap_without_shares", "rule.cap"),
    (asked({"unit": "share", "cap": "some"}), "whole_expected", "rule.cap"),
    (asked({"unit": "share", "cap": {"max": 3, "at_most": 4}}), "one_of", "rule.cap"),
    (asked({"unit": "share", "cap": {"kind": "tenth", "fraction": "1/5"}}), "key_unknown", "rule.cap.fraction"),
    (asked({"unit": "share", "cap": {"kind": "none", "max": 5}}), "key_unknown", "rule.cap.max"),
    (asked({"unit": "share", "cap": {"kind": "fixed"}}), "one_of", "rule.cap"),
    (asked({"unit": "share", "cap": {"kind": "half"}}), "choice_expected", "rule.cap.kind"),
    (asked({"unit": "share", "cap": 0}), "number_zero", "rule.cap"),
    (asked({"unit": "share", "cap": {}}), "one_of", "rule.cap"),
    (asked({"unit": "share", "cap": {"fraction": "1/10", "at_most": 3}}), "one_of", "rule.cap"),
    (asked({"unit": "share", "cap": {"at_most": 3, "of": "after_cap"}}), "of_without_fraction", "rule.cap.of"),
    (asked({"unit": "share", "cap": {"fraction": "1/10", "of": "now"}}), "choice_expected", "rule.cap.of"),
    (asked({"unit": "share", "cap": {"fraction": "11/10"}}), "fraction_out_of_bounds", "rule.cap.fraction"),
    (asked({"unit": "share", "cap": 3, "base": "present"}, present=3), "votes_missing", "present"),
    (asked({"weights": {"A": 2}}), "weights_without_shares", "rule.weights"),
    (asked({"unit": "share", "weights": {"A": 0}}), "number_zero", "rule.weights.A"),
    (asked({"unit": "class"}), "inside_missing", "rule.classes"),
    (asked({"unit": "class", "classes": {"agree": []}}), "key_missing", "rule.classes.unit"),
    (asked({"classes": {"agree": []}}), "agree_expected", "rule.classes.agree"),
    (asked({"classes": {"agree": ["A", "A"]}}), "agree_expected", "rule.classes.agree"),
    (asked({"classes": {"agree": "some"}}), "list_expected", "rule.classes.agree"),
    (asked({"classes": {"agree": "all", "capped": True}}), "capped_without_cap", "rule.classes"),
    (asked({"classes": {"agree": "all"}}), "classes_missing", "votes"),
    (asked({"classes": {"agree": ["B"]}}, votes={"A": {"for": 1}}), "class_unknown", "rule.classes.agree"),
    (asked({"classes": {"agree": "all", "unit": "share"}}, votes={"A": {"for": 1}}), "whole_missing", "votes"),
    (asked({"unit": "class", "classes": {"agree": [], "unit": "member"}}), "votes_by_class", "votes"),
    (
        asked({"unit": "class", "classes": {"agree": [], "unit": "member"}}, votes={"A": {"for": 1}}, present=3),
        "object_expected",
        "present",
    ),
    (
        asked({"unit": "share", "weights": {"a": 2}}, votes={"A": {"for": 1}}),
        "class_unknown",
        "rule.weights.a",
    ),
    (asked(votes={"for": 1, "A": {"for": 2}}), "object_expected", "votes.for"),
    (asked(votes={"A": {"fro": 2}}), "key_unknown", "votes.A.fro"),
    (asked(votes={"fro": 2}), "key_unknown", "votes.fro"),
    (asked(votes={" A": {"for": 2}}), "name_expected", 'votes[" A"]'),
    (asked(votes={"A\u202e": {"for": 2}}), "name_expected", 'votes["A\\u202e"]'),
    (asked(votes={"": {"for": 2}}), "name_expected", 'votes[""]'),
    (asked(holders=[]), "one_of", ""),
    ({"rule": MORE_THAN_HALF}, "one_of", ""),
    (asked(call=0), "number_zero", "call"),
    (asked(call=True), "flag_not_expected", "call"),
    (asked(casting="for"), "casting_without_rule", "casting"),
    (asked({"tie": "chair"}, casting="yes"), "choice_expected", "casting"),
    (asked({"tie": "chair"}, casting="for", votes={"casting": "for"}), "casting_twice", "votes.casting"),
    (asked(present=2), "more_cast_than_present", "votes"),
    (asked(entitled=2), "more_cast_than_entitled", "votes"),
    (asked(present=9, entitled=8), "more_than", "present"),
    (asked(entitled=9, issued=8), "more_than", "entitled"),
    (asked(present={"members": 3, "shares": 9}, entitled={"members": 4, "shares": 8}), "more_than", "present"),
    (asked(votes={"A": {"for": 3}}, present={"A": 2, "B": 9}), "more_cast_than_present", "votes.A"),
    (
        asked(votes={"classes": {"A": {"for": 3}}}, present={"classes": {"A": 2}, "members": 9}),
        "more_cast_than_present",
        "votes.classes.A",
    ),
    (asked(votes={"A": {"for": 3}}, present={"B": 9}), "class_not_present", "votes.A"),
    (asked(votes={"A": {"for": 1}}, present={"A": 3}, entitled={"A": 2, "B": 9}), "more_than", "present.A"),
    (asked(votes={"A": {"for": 1}}, present={"A": 3}, entitled={"B": 9}), "class_unknown", "present.A"),
    (asked(present={"members": 3, "shares": -1}), "number_negative", "present.shares"),
    (asked(present={"members": 3, "workers": 2}), "key_unknown", "present.workers"),
    (asked(present={"members": 3, "represented": 2}), "key_unknown", "present.represented"),
    (asked(present={"A": 3, "call": 2}, call=1), "key_repeated", "present.call"),
    (asked({"base": "entitled"}, present={"A": 3, "entitled": "many"}), "whole_expected", "present.entitled"),
    (asked(present=[3]), "whole_expected", "present"),
    (listed({"shares": 1, "vote": "for"}), "key_missing", "holders[0].id"),
    (listed({"id": "a", "vote": "for"}), "key_missing", "holders[0].shares"),
    (listed({"id": "a", "shares": 1}), "one_of", "holders[0]"),
    (listed({"id": "a", "shares": 1, "vote": "yes"}), "choice_expected", "holders[0].vote"),
    (listed({"id": "a", "shares": -1, "vote": "for"}), "number_negative", "holders[0].shares"),
    (
        listed({"id": "a", "shares": 1, "vote": "for"}, {"id": "a", "shares": 1, "vote": "for"}),
        "holder_repeated",
        "holders[1].id",
    ),
    (
        listed({"id": 7, "shares": 1, "vote": "for"}, {"id": "7", "shares": 1, "vote": "for"}),
        "holder_repeated",
        "holders[1].id",
    ),
    (listed({"id": True, "shares": 1, "vote": "for"}), "name_expected", "holders[0].id"),
    (listed({"id": "a", "shares": 5, "cast": {"for": 6}}), "split_too_much", "holders[0].cast"),
    (listed({"id": "a", "shares": {"A": 5, "B": 5}, "cast": {"for": 6}}), "split_over_classes", "holders[0].cast"),
    (listed({"id": "a", "cast": {"for": 1}}, rule={"unit": "member"}), "split_without_shares", "holders[0].cast"),
    (listed({"id": "a", "class": "A", "shares": {"B": 5}, "vote": "for"}), "class_twice", "holders[0].class"),
    (listed({"id": "a", "shares": 1, "vote": "absent", "voter": "b"}), "absent_with_voter", "holders[0].voter"),
    (
        listed({"id": "a", "shares": 1, "vote": "for", "voter": "b"}, {"id": "b", "shares": 1, "vote": "absent"}),
        "voter_absent",
        "holders[0].voter",
    ),
    (
        listed({"id": "a", "shares": 1, "vote": "for"}, rule={"classes": {"agree": "all"}}),
        "key_missing",
        "holders[0].class",
    ),
    (listed({"id": "a", "shares": 1, "vote": "for"}, present=3), "present_with_holders", "present"),
    (listed({"id": "a", "shares": 5, "vote": "for"}, entitled=3), "more_than", "holders"),
    (listed({"id": "a", "shares": 5, "vote": "for"}, rule={"quorum": {"fraction": "1/2"}}), "size_missing", "entitled"),
    ({"rule": {"preset": "be-nothing"}, "votes": {}}, "preset_unknown", "rule.preset"),
    ({"rule": {"preset": "be-statutes", "on": "1999-01-01"}, "votes": {}}, "preset_not_yet", "rule.preset"),
    ({"rule": {"preset": "be-statutes", "on": "2026-02-30"}, "votes": {}}, "date_expected", "rule.on"),
    ({"rule": {"preset": "be-statutes", "on": 2026}, "votes": {}}, "date_expected", "rule.on"),
    (
        {"rule": {"preset": "be-statutes", "statutes": {"threshold": "3/2"}}, "votes": {}},
        "fraction_out_of_bounds",
        "rule.statutes.threshold",
    ),
    (
        {"rule": {"preset": "be-statutes", "statutes": {"majority": "3/2"}}, "votes": {}},
        "key_unknown",
        "rule.statutes.majority",
    ),
    ({"rule": {"preset": "be-statutes", "unit": "member"}, "votes": {}}, "key_unknown", "rule.unit"),
]


@pytest.mark.parametrize(("data", "code", "path"), QUESTIONS, ids=lambda value: value if isinstance(value, str) else "")
def test_questions_that_can_not_be_decided(data: dict[str, Any], code: str, path: str) -> None:
    """Each with its code and its path."""
    assert refused(data) == (code, path)


def test_a_file_beyond_measure(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is too large is refused before it is read."""
    monkeypatch.setattr("coopcalc.assembly.reading.MOST_BYTES", 10)
    assert refused(b" " * 11) == ("file_too_large", "")


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 10**20)
    | st.sampled_from(["1/2", "3/4", "1", "all", "for", "share", "member", "class", "A", "listed", "\ud800", ""])
    | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["A", "for", "against", "id", "shares", "fraction", "agree", "classes"]), inner
        )
    ),
    max_leaves=6,
)
QUESTION_KEYS = ("call", "entitled", "issued", "present", "votes", "holders", "casting")
RULE_KEYS = ("unit", "base", "threshold", "strict", "blank", "quorum", "cap", "weights", "classes", "tie")


@given(
    st.fixed_dictionaries({}, optional=dict.fromkeys(QUESTION_KEYS, anything)),
    st.fixed_dictionaries({}, optional=dict.fromkeys(RULE_KEYS, anything)),
)
@settings(max_examples=600, deadline=None)
def test_whatever_is_asked_is_answered_or_refused(rest: dict[str, Any], changed: dict[str, Any]) -> None:
    """Any JSON in any place: a verdict that can be told in every language, or a refusal; never anything else."""
    asked_for = {"votes": {"for": 1}, **rest, "rule": {**THREE_QUARTERS, **changed}}
    if "holders" in asked_for:
        del asked_for["votes"]
    refusal: Refused | None = None
    try:
        found = assembly.decide(assembly.parse(json.dumps(asked_for).encode()))
    except Refused as caught:
        refusal = caught
    if refusal is not None:
        assert all(refusal.message(language) for language in LANGUAGES)
        return
    for language in LANGUAGES:
        assert assembly.as_text(found, language)
        json.dumps(assembly.as_json(found, language))


def codes_in_source() -> set[str]:
    """Return every text in the source that looks like a code, and those that begin or end one."""
    found: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


def test_every_code_has_a_sentence_and_every_sentence_a_code() -> None:
    """What the source can say is what the words can say."""
    source = codes_in_source()
    sentences = WORDS.tables("en")["sentence"]
    begun = {text for text in source if re.fullmatch(r"[a-z_]+_", text)}
    for code in sentences:
        assert code in source or any(code.startswith(start) for start in begun), f"nothing says {code}"
    for path in SOURCE.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or not call.args:
                continue
            called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            place = {"refuse": 0, "Refused": 0, "Step": 0, "say": 1, "sentence": 0}.get(called)
            if place is not None and len(call.args) > place and isinstance(call.args[place], ast.Constant):
                assert call.args[place].value in sentences, f"{path.name} says {call.args[place].value}"  # type: ignore[attr-defined]


def test_every_refusal_here_is_one_of_ours_and_tried() -> None:
    """The tables above try every refusal that reading, rules and questions know."""
    tried = {code for _, code, _ in BYTES} | {code for _, code, _ in QUESTIONS}
    source = "\n".join(
        (SOURCE / name).read_text(encoding="utf-8") for name in ("reading.py", "rules.py", "question.py", "decide.py")
    )
    known = set(re.findall(r"(?:refuse|Refused)\(\s*\"([a-z_0-9]+)\"", source))
    elsewhere = {"casting_missing", "file_too_large", "number_negative", "whole_expected"}
    assert known - tried - elsewhere == set()
