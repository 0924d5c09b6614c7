"""Turning what readers of bank files can't read into refusals with a sentence in each language."""

import contextlib
from collections.abc import Iterator

from coopcalc.bank import Unreadable
from coopwerf.kernel.refusals import Refused

CODES = {
    "coda_version": "payments.coda_version",
    "declares_entities": "payments.declares_entities",
    "element_missing": "payments.element_missing",
    "file_cut_short": "payments.file_cut_short",
    "file_empty": "payments.file_empty",
    "file_too_large": "payments.file_too_large",
    "file_unreadable": "payments.file_unreadable",
    "no_amount": "payments.no_amount",
    "no_date": "payments.no_date",
    "no_statement": "payments.no_statement",
    "not_well_formed": "payments.not_well_formed",
    "other_kind": "payments.other_kind",
    "other_message": "payments.other_message",
    "record_missing": "payments.record_missing",
    "record_out_of_place": "payments.record_out_of_place",
    "record_too_long": "payments.record_too_long",
    "record_unreadable": "payments.record_unreadable",
    "records_missing": "payments.records_missing",
    "text_too_long": "payments.text_too_long",
    "too_deep": "payments.too_deep",
    "unknown_kind": "payments.unknown_kind",
}
"""The refusal for each code under which a file is unreadable."""


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Raise Refused, with line, path and facts, where a file turns out unreadable in the block."""
    try:
        yield
    except Unreadable as unreadable:
        code = CODES[unreadable.code]
        raise Refused(code, line=unreadable.line, path=unreadable.path, **unreadable.facts) from unreadable
