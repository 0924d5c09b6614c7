"""What every address for programs (`/api/v1/`) is made with: routes, schemas, problems, cursors.

A package tells its part in its room `api.py`; `conf.api` puts them together and says who may come in:

    routes = Routes("coops")

    @routes.get("/coops/{slug:slug}", scope="coops.read", answers=CoopOut)
    def coop(call: Call, slug: Slug) -> CoopOut: ...
"""

from .cursors import Cursor, packed, unpacked
from .problems import problem
from .routes import Call, IdempotencyKey, Routes, Wiring, wire
from .schemas import AMOUNT, Amount, Answer, Asked, Date, Limit, Page, Problem, Slug, Text, Truth, Whole, amount

__all__ = [
    "AMOUNT",
    "Amount",
    "Answer",
    "Asked",
    "Call",
    "Cursor",
    "Date",
    "IdempotencyKey",
    "Limit",
    "Page",
    "Problem",
    "Routes",
    "Slug",
    "Text",
    "Truth",
    "Whole",
    "Wiring",
    "amount",
    "packed",
    "problem",
    "unpacked",
    "wire",
]
