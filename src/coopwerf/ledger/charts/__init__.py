"""Charts of accounts to start from: dated data with their source."""

import dataclasses
import datetime as dt
import functools
import tomllib
from importlib import resources
from typing import Any

from coopcalc.books import AccountKind
from coopwerf.coops.states import Texts

from ..states import ACCOUNT_CODE, ROLE_KINDS, Role

CHARTS = ("be_mar", "nl")
COUNTRY_CHARTS = {"BE": "be_mar", "NL": "nl"}


@dataclasses.dataclass(frozen=True, slots=True)
class ChartAccount:
    """An account that a chart brings: its code, kind, names by language, and what it is there for."""

    code: str
    kind: AccountKind
    names: Texts
    role: Role | None


@dataclasses.dataclass(frozen=True, slots=True)
class Chart:
    """A chart of accounts: its names, since when it speaks, where it comes from, and its accounts in order."""

    code: str
    country: str
    names: Texts
    valid_from: dt.date
    sources: Texts
    certainty: str
    accounts: tuple[ChartAccount, ...]


@functools.cache
def chart(code: str) -> Chart:
    """Return a chart; raises ValueError for one that isn't fit: a code twice, a role that is missing or taken."""
    told = tomllib.loads(resources.files(__package__).joinpath(f"{code}.toml").read_text(encoding="utf-8"))
    accounts = tuple(_account(one) for one in told["account"])
    codes = [one.code for one in accounts]
    roles = [one.role for one in accounts if one.role is not None]
    if len(set(codes)) != len(codes) or sorted(roles) != sorted(Role):
        raise ValueError(f"chart {code} has a code twice, or not each role once")
    return Chart(
        code=code,
        country=told["country"],
        names=told["name"],
        valid_from=told["from"],
        sources=told["source"],
        certainty=told["certainty"],
        accounts=accounts,
    )


def charts() -> list[Chart]:
    """Return every chart that there is."""
    return [chart(code) for code in CHARTS]


def _account(told: dict[str, Any]) -> ChartAccount:
    kind = AccountKind(told["kind"])
    role = Role(told["role"]) if "role" in told else None
    if not ACCOUNT_CODE.fullmatch(told["code"]) or (role is not None and kind not in ROLE_KINDS[role]):
        raise ValueError(f"account {told['code']} can't be")
    return ChartAccount(told["code"], kind, {language: told[language] for language in ("nl", "fr", "en")}, role)
