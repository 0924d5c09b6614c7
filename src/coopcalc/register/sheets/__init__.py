"""Bringing a register along in a spreadsheet: reading cells, guessing columns, planning what would be booked."""

from .cells import Unreadable, communication_text, fold, read_count, read_date, read_money, read_number
from .columns import (
    BY_CLASS,
    Field,
    Guess,
    Shape,
    best_sheet,
    find_header,
    guess,
    header_key,
    is_month_first,
    key_of,
    read_key,
)
from .grid import Cell, Merge, Row, Sheet, from_json, is_blank, text_of, to_json, trimmed
from .history import plan_history
from .opening import plan_opening, usual_amount
from .plan import Checks, Doubt, MemberPlan, Mend, Move, Plan, Setting, Sums

__all__ = [
    "BY_CLASS",
    "Cell",
    "Checks",
    "Doubt",
    "Field",
    "Guess",
    "MemberPlan",
    "Mend",
    "Merge",
    "Move",
    "Plan",
    "Row",
    "Setting",
    "Shape",
    "Sheet",
    "Sums",
    "Unreadable",
    "best_sheet",
    "communication_text",
    "find_header",
    "fold",
    "from_json",
    "guess",
    "header_key",
    "is_blank",
    "is_month_first",
    "key_of",
    "plan_import",
    "read_count",
    "read_date",
    "read_key",
    "read_money",
    "read_number",
    "text_of",
    "to_json",
    "trimmed",
    "usual_amount",
]


def plan_import(sheet: Sheet, setting: Setting) -> Plan:
    """Work out what a sheet would book under a setting."""
    return plan_history(sheet, setting) if setting.shape is Shape.HISTORY else plan_opening(sheet, setting)
