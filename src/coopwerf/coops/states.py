"""Stages, bodies, roles and powers: which there are, and what leads to what."""

import dataclasses
import enum
import re
import uuid
from collections.abc import Callable, Collection, Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _


class Stage(enum.StrEnum):
    """Say how far a co-operative has come, and in which legal form."""

    INITIATIVE = "initiative"
    ASSOCIATION = "association"
    CV = "be_cv"
    CV_RECOGNISED = "be_cv_recognised"
    CV_SOCIAL = "be_cv_social"
    CV_RECOGNISED_SOCIAL = "be_cv_recognised_social"
    NL_UA = "nl_ua"
    NL_BA = "nl_ba"
    NL_WA = "nl_wa"


BELGIAN_CV: Final = frozenset({Stage.CV, Stage.CV_RECOGNISED, Stage.CV_SOCIAL, Stage.CV_RECOGNISED_SOCIAL})
DUTCH: Final = frozenset({Stage.NL_UA, Stage.NL_BA, Stage.NL_WA})
COOPERATIVES: Final = BELGIAN_CV | DUTCH

TRANSITIONS: Final[Mapping[Stage, frozenset[Stage]]] = {
    # Whoever brings an existing co-operative starts as an initiative too, and says at once what it is.
    Stage.INITIATIVE: frozenset({Stage.ASSOCIATION}) | COOPERATIVES,
    Stage.ASSOCIATION: COOPERATIVES,
    Stage.CV: BELGIAN_CV - {Stage.CV},
    Stage.CV_RECOGNISED: BELGIAN_CV - {Stage.CV_RECOGNISED},
    Stage.CV_SOCIAL: BELGIAN_CV - {Stage.CV_SOCIAL},
    Stage.CV_RECOGNISED_SOCIAL: BELGIAN_CV - {Stage.CV_RECOGNISED_SOCIAL},
    Stage.NL_UA: DUTCH - {Stage.NL_UA},
    Stage.NL_BA: DUTCH - {Stage.NL_BA},
    Stage.NL_WA: DUTCH - {Stage.NL_WA},
}
"""From which stage one comes to which other."""

STAGE_NAMES: Final = {
    Stage.INITIATIVE: _("Initiative"),
    Stage.ASSOCIATION: _("Non-profit association"),
    Stage.CV: _("Belgian co-operative (CV/SC)"),
    Stage.CV_RECOGNISED: _("Recognised co-operative (CV/SC)"),
    Stage.CV_SOCIAL: _("Co-operative recognised as a social enterprise (CV/SC)"),
    Stage.CV_RECOGNISED_SOCIAL: _("Recognised co-operative and social enterprise (CV/SC)"),
    Stage.NL_UA: _("Dutch co-operative, liability excluded (U.A.)"),
    Stage.NL_BA: _("Dutch co-operative, limited liability (B.A.)"),
    Stage.NL_WA: _("Dutch co-operative, statutory liability (W.A.)"),
}

STAGE_PRESETS: Final[Mapping[Stage, tuple[str, ...]]] = {
    Stage.INITIATIVE: (),
    Stage.ASSOCIATION: ("be_association",),
    Stage.CV: ("be_cv",),
    Stage.CV_RECOGNISED: ("be_cv", "be_recognised"),
    Stage.CV_SOCIAL: ("be_cv", "be_social"),
    Stage.CV_RECOGNISED_SOCIAL: ("be_cv", "be_recognised", "be_social"),
    Stage.NL_UA: ("nl_cooperative", "nl_ua"),
    Stage.NL_BA: ("nl_cooperative", "nl_ba"),
    Stage.NL_WA: ("nl_cooperative", "nl_wa"),
}
"""Which presets a stage brings, the general one first: what comes later goes before what came earlier."""


class Mark(enum.StrEnum):
    """Say how sure a rule is."""

    DEFAULT = "default"
    CHECK = "check"
    CONFIRMED = "confirmed"


MARK_NAMES: Final = {
    Mark.DEFAULT: pgettext_lazy("mark of a rule", "Default"),
    Mark.CHECK: _("Check with your notary"),
    Mark.CONFIRMED: _("Confirmed by you"),
}


class Fact(enum.StrEnum):
    """Name a public, dated fact about a co-operative."""

    LEGAL_NAME = "legal_name"
    SEAT = "seat"
    ENTERPRISE_NO = "enterprise_no"
    SHARE_WORD = "share_word"
    PUBLIC_TEXT = "public_text"


class ShareWord(enum.StrEnum):
    """Choose the French word for shares; Dutch and English have one each."""

    ACTION = "action"
    PART = "part"


SHARE_WORDS: Final[Mapping[str, Mapping[ShareWord, tuple[str, str]]]] = {
    "nl": dict.fromkeys(ShareWord, ("aandeel", "aandelen")),
    "fr": {ShareWord.ACTION: ("action", "actions"), ShareWord.PART: ("part", "parts")},
    "en": dict.fromkeys(ShareWord, ("share", "shares")),
}
"""The word for one share and for several, by language and by what the co-operative chose."""


def share_words(chosen: ShareWord, language: str) -> tuple[str, str]:
    """Return the word for one share and for several in a language, as a co-operative chose it."""
    return SHARE_WORDS.get(language, SHARE_WORDS["en"])[chosen]


FRENCH_WITH_PARTS: Final = "fr-x-part"
"""French for co-operatives that say *part*: our French catalogues say *action*, this variant is made from them."""

_ACTION: Final = re.compile(r"\b(?P<before>[ld]['’])?(?P<noun>action)(?P<several>s?)\b", re.IGNORECASE)
_BEFORE: Final = {"l": "la ", "L": "La ", "d": "de ", "D": "De "}


def with_parts(text: str) -> str:
    """Return a French text about *actions* as it speaks of *parts*; both words are feminine, so the rest stays."""

    def part(found: re.Match[str]) -> str:
        noun = "Part" if found["noun"][0] == "A" else "part"
        return (_BEFORE[found["before"][0]] if found["before"] else "") + noun + found["several"]

    return _ACTION.sub(part, text)


Texts = Mapping[str, str]
"""One text in several languages, by their codes."""


def in_language(texts: Texts) -> str:
    """Return a text in the active language, else in English, else in the language that there is."""
    active = get_language() or "en"
    said = texts.get(active[:2])
    if said:
        return with_parts(said) if active == FRENCH_WITH_PARTS else said
    return texts.get("en") or next(iter(texts.values()), "")


def language_with(chosen: ShareWord, language: str) -> str:
    """Return the language in which to write about a co-operative's shares: a variant where its word asks for one."""
    return FRENCH_WITH_PARTS if language == "fr" and chosen is ShareWord.PART else language


class BodyKind(enum.StrEnum):
    """Tell the kinds of bodies apart: what a mandate allows depends on it."""

    INITIATORS = "initiators"
    BOARD = "board"
    DAILY = "daily"
    GENERAL_ASSEMBLY = "general_assembly"
    SUPERVISORY = "supervisory"
    AUDIT = "audit"
    COMMITTEE = "committee"


BODY_NAMES: Final = {
    BodyKind.INITIATORS: _("Core group"),
    BodyKind.BOARD: _("Board"),
    BodyKind.DAILY: _("Daily management"),
    BodyKind.GENERAL_ASSEMBLY: _("General assembly"),
    BodyKind.SUPERVISORY: _("Supervisory board"),
    BodyKind.AUDIT: _("Audit"),
    BodyKind.COMMITTEE: _("Working group"),
}

STAGE_BODIES: Final[Mapping[Stage, tuple[BodyKind, ...]]] = {
    Stage.INITIATIVE: (BodyKind.INITIATORS,),
    Stage.ASSOCIATION: (BodyKind.BOARD, BodyKind.GENERAL_ASSEMBLY),
    **dict.fromkeys(sorted(COOPERATIVES), (BodyKind.BOARD, BodyKind.GENERAL_ASSEMBLY)),
}
"""Which bodies a stage needs; they are made when it is reached."""


class Role(enum.StrEnum):
    """Name the role that a mandate gives in a body."""

    COORDINATOR = "coordinator"
    CHAIR = "chair"
    SECRETARY = "secretary"
    TREASURER = "treasurer"
    DIRECTOR = "director"
    DELEGATE = "delegate"
    AUDITOR = "auditor"
    MEMBER = "member"
    OBSERVER = "observer"


ROLE_NAMES: Final = {
    Role.COORDINATOR: pgettext_lazy("role", "Coordinator"),
    Role.CHAIR: pgettext_lazy("role", "Chair"),
    Role.SECRETARY: pgettext_lazy("role", "Secretary"),
    Role.TREASURER: pgettext_lazy("role", "Treasurer"),
    Role.DIRECTOR: pgettext_lazy("role", "Director"),
    Role.DELEGATE: pgettext_lazy("role", "Day-to-day manager"),
    Role.AUDITOR: pgettext_lazy("role", "Auditor"),
    Role.MEMBER: pgettext_lazy("role", "Member of the body"),
    Role.OBSERVER: pgettext_lazy("role", "Observer"),
}


class Power(enum.StrEnum):
    """Name what somebody may do in a co-operative."""

    SEE_REGISTER = "see_register"
    KEEP_REGISTER = "keep_register"
    IMPORT_REGISTER = "import_register"
    ADMIT_MEMBERS = "admit_members"
    MANAGE_MANDATES = "manage_mandates"
    MANAGE_SETTINGS = "manage_settings"
    SEE_BOOKS = "see_books"
    KEEP_BOOKS = "keep_books"
    MANAGE_OFFERS = "manage_offers"
    WRITE_REPORTS = "write_reports"
    KEEP_YARD = "keep_yard"
    MANAGE_GATHERINGS = "manage_gatherings"
    WRITE_NEWS = "write_news"
    AUDIT = "audit"


POWER_NAMES: Final = {
    Power.SEE_REGISTER: _("see the whole register"),
    Power.KEEP_REGISTER: _("keep the register"),
    Power.IMPORT_REGISTER: _("bring a register from elsewhere"),
    Power.ADMIT_MEMBERS: _("decide on admissions"),
    Power.MANAGE_MANDATES: _("give and end mandates"),
    Power.MANAGE_SETTINGS: _("change the settings"),
    Power.SEE_BOOKS: _("see the books and the bank"),
    Power.KEEP_BOOKS: _("keep the books and match payments"),
    Power.MANAGE_OFFERS: _("publish share offers"),
    Power.WRITE_REPORTS: _("write reports and answer to comments"),
    Power.KEEP_YARD: _("keep the roadmap, the partners and what help is asked for"),
    Power.MANAGE_GATHERINGS: _("organise gatherings"),
    Power.WRITE_NEWS: _("write to followers and members"),
    Power.AUDIT: _("see the audit trail"),
}

GOVERNING: Final = (BodyKind.BOARD, BodyKind.INITIATORS)
"""The bodies that govern: the board, or the core group as long as there is none."""

_EVERYTHING: Final = frozenset(Power)
_BOARD: Final = frozenset(
    {Power.SEE_REGISTER, Power.ADMIT_MEMBERS, Power.SEE_BOOKS, Power.WRITE_REPORTS, Power.KEEP_YARD, Power.AUDIT}
)
_GATHERS: Final = frozenset({Power.MANAGE_GATHERINGS})
_LOOKS_ON: Final = frozenset({Power.SEE_REGISTER, Power.SEE_BOOKS, Power.AUDIT})
_BUILDS: Final = frozenset({Power.WRITE_REPORTS, Power.KEEP_YARD})
_NOTHING: Final[frozenset[Power]] = frozenset()

POWERS: Final[Mapping[BodyKind, Mapping[Role, frozenset[Power]]]] = {
    BodyKind.INITIATORS: {
        Role.COORDINATOR: _EVERYTHING,
        Role.SECRETARY: _EVERYTHING,
        Role.TREASURER: _LOOKS_ON | _BUILDS | {Power.KEEP_BOOKS},
        Role.MEMBER: _BUILDS | _GATHERS,
    },
    BodyKind.BOARD: {
        Role.CHAIR: _EVERYTHING,
        Role.SECRETARY: _EVERYTHING,
        Role.TREASURER: _BOARD | {Power.KEEP_REGISTER, Power.KEEP_BOOKS, Power.MANAGE_OFFERS},
        Role.DIRECTOR: _BOARD | _GATHERS,
        Role.OBSERVER: _NOTHING,
    },
    BodyKind.DAILY: {
        Role.DELEGATE: frozenset(
            {Power.SEE_REGISTER, Power.KEEP_REGISTER, Power.IMPORT_REGISTER, Power.SEE_BOOKS, Power.KEEP_BOOKS}
        )
        | _GATHERS,
        Role.MEMBER: _NOTHING,
    },
    BodyKind.GENERAL_ASSEMBLY: {Role.CHAIR: _NOTHING, Role.SECRETARY: _NOTHING},
    BodyKind.SUPERVISORY: {Role.CHAIR: _LOOKS_ON, Role.SECRETARY: _LOOKS_ON, Role.MEMBER: _LOOKS_ON},
    BodyKind.AUDIT: {Role.AUDITOR: _LOOKS_ON},
    BodyKind.COMMITTEE: {Role.CHAIR: _GATHERS, Role.SECRETARY: _NOTHING, Role.MEMBER: _NOTHING},
}
"""Which roles a body knows, and what each of them may do."""


def roles_with(power: Power) -> tuple[tuple[BodyKind, Role], ...]:
    """Return the pairs of body and role that carry a power, in the order of the table."""
    return tuple((body, role) for body, roles in POWERS.items() for role, powers in roles.items() if power in powers)


@dataclasses.dataclass(frozen=True, slots=True)
class SettingsPage:
    """A page of a co-operative's settings: its tab, its address, from which stages on, and for whom."""

    code: str
    label: str | Promise
    url_name: str
    order: int
    stages: frozenset[Stage] = frozenset(Stage)
    power: Power | None = None


_settings_pages: dict[str, SettingsPage] = {}


def register_settings_page(page: SettingsPage) -> None:
    """Add a page to the settings; packages above call this when they are loaded. Its address takes the slug."""
    _settings_pages[page.code] = page


def settings_pages(stage: Stage, powers: Collection[Power]) -> list[SettingsPage]:
    """Return the pages that a stage has reached, for somebody with these powers, in their order."""
    return sorted(
        (page for page in _settings_pages.values() if stage in page.stages and page.power in (None, *powers)),
        key=lambda page: (page.order, page.code),
    )


@dataclasses.dataclass(frozen=True, slots=True)
class FirstStep:
    """What a new co-operative does first: said on its overview for whoever has the power, as long as it is open."""

    code: str
    label: str | Promise
    text: str | Promise
    url_name: str
    power: Power
    is_open: Callable[[uuid.UUID], bool]


_first_steps: dict[str, FirstStep] = {}


def register_first_step(step: FirstStep) -> None:
    """Add a first step; packages above call this when they are loaded. Its address takes the slug."""
    _first_steps[step.code] = step


def first_steps(coop_id: uuid.UUID, powers: Collection[Power]) -> list[FirstStep]:
    """Return what still waits to be done first in a co-operative, for somebody with these powers."""
    return [step for step in _first_steps.values() if step.power in powers and step.is_open(coop_id)]


_WITH_STATUTES: Final = frozenset(Stage) - {Stage.INITIATIVE}

for _page in (
    SettingsPage("overview", pgettext_lazy("tab of the settings", "Overview"), "coops:settings", 10),
    SettingsPage("profile", _("Who we are"), "coops:profile", 20),
    SettingsPage("stage", pgettext_lazy("tab of the settings", "Stage"), "coops:stage", 30),
    SettingsPage(
        "rules",
        pgettext_lazy("tab of the settings", "Rules"),
        "coops:rules",
        40,
        _WITH_STATUTES,
    ),
    SettingsPage("look", _("Name, colour and mail"), "coops:look", 90),
):
    register_settings_page(_page)
