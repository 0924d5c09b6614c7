"""The only writers of profiles, of the directory, and of partners."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from django.utils import translation

from coopwerf.coops import queries as coops
from coopwerf.coops.states import STAGE_NAMES
from coopwerf.documents import actions as documents
from coopwerf.documents.states import Licence
from coopwerf.kernel import clock
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import SYSTEM, Actor
from coopwerf.kernel.refusals import Refused
from coopwerf.register import queries as register
from coopwerf.ui.formats import LANGUAGE_NAMES, LANGUAGES

from .. import policies, queries
from ..models import DirectoryEntry, HelpCall, HelpOffer, Partner, Project
from ..queries import ProjectWords
from ..states import REGIONS, TAKES_PLACE, THEMES, CallState, ConsentWay, PartnerKind, group_of
from .notices import follow_calls


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Who a project is, as it is written down."""

    themes: Sequence[str] = ()
    region: str = ""
    texts: Mapping[str, ProjectWords] = dataclasses.field(default_factory=dict)
    people: int | None = None
    since: dt.date | None = None
    website: str = ""
    shows_members: bool = False
    shows_capital: bool = False


@action(verb="founding.profile_written")
def write_profile(*, coop_id: uuid.UUID, profile: Profile, actor: Actor, now: dt.datetime) -> None:
    """Write who a project is; one that is listed shows it at once. Raises Refused for what can't be meant."""
    today = clock.civil_date(now)
    policies.may_keep_yard(actor, coop_id, today).require()
    row = _held(coop_id, now)
    policies.fits_themes(profile.themes).require(path="themes")
    policies.fits_region(profile.region).require(path="region")
    policies.fits_since(profile.since, today).require(path="since")
    if profile.people is not None and not 1 <= profile.people <= policies.MOST_PEOPLE:
        raise Refused("founding.people_wrong", most=policies.MOST_PEOPLE, path="people")
    website = profile.website.strip()
    if website:
        policies.fits_text(website, policies.LONGEST_URL).require(path="website")
        policies.fits_url(website).require(path="website")
    told = {}
    for code, words in profile.texts.items():
        if code not in LANGUAGE_NAMES:
            raise Refused("founding.text_language")
        about, needs = " ".join(words.about.split()), " ".join(words.needs.split())
        policies.fits_text(about, policies.LONGEST_ABOUT).require(path=f"about_{code}")
        policies.fits_text(needs, policies.LONGEST_NEEDS).require(path=f"needs_{code}")
        if about or needs:
            told[code] = {"about": about, "needs": needs}
    row.themes, row.region, row.texts = list(profile.themes), profile.region, told
    row.people, row.since, row.website = profile.people, profile.since, website
    row.shows_members, row.shows_capital = profile.shows_members, profile.shows_capital
    row.changed_at = now
    row.save()
    if row.is_listed:
        policies.may_list(queries.project(coop_id), coops.coop_facts(coop_id)).require()
        _write_entry(row, now)
    audit("project", coop_id, themes=row.themes, region=row.region, languages=sorted(told))


@action(verb="founding.project_listed")
def list_project(*, coop_id: uuid.UUID, actor: Actor, now: dt.datetime) -> None:
    """Let a project be found in the directory of this installation. Raises Refused with what it lacks."""
    policies.may_keep_yard(actor, coop_id, clock.civil_date(now)).require()
    row = _held(coop_id, now)
    policies.may_list(queries.project(coop_id), coops.coop_facts(coop_id)).require()
    row.is_listed, row.changed_at = True, now
    row.save()
    _write_entry(row, now)
    follow_calls(coop_id, now)
    audit("project", coop_id)


@action(verb="founding.project_unlisted")
def unlist_project(*, coop_id: uuid.UUID, actor: Actor, now: dt.datetime) -> None:
    """Take a project out of the directory, with its calls for help on the page of all projects."""
    policies.may_keep_yard(actor, coop_id, clock.civil_date(now)).require()
    row = _held(coop_id, now)
    row.is_listed, row.changed_at = False, now
    row.save()
    DirectoryEntry.objects.filter(coop_id=coop_id).delete()
    follow_calls(coop_id, now)
    audit("project", coop_id)


@action(verb="founding.entry_refreshed")
def refresh_entry(*, coop_id: uuid.UUID, actor: Actor, now: dt.datetime) -> bool:
    """Bring name, stage and figures of a listed project up to date; return whether it is listed."""
    row = Project.objects.select_for_update().filter(coop_id=coop_id, is_listed=True).first()
    if row is not None:
        _write_entry(row, now)
    audit("project", coop_id, listed=row is not None)
    return row is not None


def _held(coop_id: uuid.UUID, now: dt.datetime) -> Project:
    """Return the locked row of the profile, made when there is none yet."""
    Project.objects.bulk_create([Project(coop_id=coop_id, changed_at=now)], ignore_conflicts=True)
    return Project.objects.select_for_update().get(coop_id=coop_id)


def _write_entry(row: Project, now: dt.datetime) -> None:
    """Write what everybody may read of a listed project, and by which words it is found."""
    coop_id, today = row.coop_id, clock.civil_date(now)
    coop = coops.coop_facts(coop_id)
    stage = coops.stage(coop_id, today)
    totals = register.totals(coop_id, today) if row.shows_members or row.shows_capital else None
    enough = totals is not None and totals.members >= policies.FEWEST
    told = queries.told(coop_id)
    helped = HelpOffer.objects.filter(coop_id=coop_id, state__in=[state.value for state in TAKES_PLACE])
    words = {code: f"{said.get('about', '')} {said.get('needs', '')}" for code, said in row.texts.items()}
    names = [coop.name, *words.values(), *REGIONS.get(row.region, {}).values()]
    for theme in row.themes:
        names.extend(THEMES[theme].values())
    for code in LANGUAGES:
        with translation.override(code):
            names.append(str(STAGE_NAMES[stage]))
    DirectoryEntry.objects.update_or_create(
        coop_id=coop_id,
        defaults={
            "name": coop.name,
            "name_key": queries.folded(coop.name),
            "stage": stage.value,
            "stage_group": group_of(stage).value,
            "region": row.region,
            "themes": row.themes,
            "texts": row.texts,
            "people": row.people,
            "since": row.since,
            "website": row.website,
            "members": totals.members if totals is not None and enough and row.shows_members else None,
            "capital": totals.paid if totals is not None and enough and row.shows_capital else None,
            "helpers": helped.values("contact_id").distinct().count(),
            "reports": told.count,
            "last_report_on": clock.civil_date(told.last) if told.last is not None else None,
            "calls": HelpCall.objects.filter(coop_id=coop_id, state=CallState.OPEN).count(),
            **{f"words_{code}": queries.folded(words.get(code, "")) for code in LANGUAGES},
            "words_all": queries.folded(" ".join(names)),
            "refreshed_at": now,
        },
    )


# Partners


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PartnerTerms:
    """Who a partner is, what it does, since when, and how it agreed to be named."""

    name: str
    kind: PartnerKind
    url: str = ""
    role: Mapping[str, str] = dataclasses.field(default_factory=dict)
    since: dt.date
    until: dt.date | None = None
    agreed_on: dt.date | None = None
    agreed_how: ConsentWay | None = None
    agreed_by: str = ""


@action(verb="founding.partner_written")
def write_partner(
    *,
    coop_id: uuid.UUID,
    partner_id: uuid.UUID | None = None,
    terms: PartnerTerms,
    actor: Actor,
    now: dt.datetime,
) -> uuid.UUID:
    """Write who supports a project; in public it is named once it agreed. Return its id."""
    today = clock.civil_date(now)
    policies.may_keep_yard(actor, coop_id, today).require()
    rows = Partner.objects.select_for_update().filter(coop_id=coop_id)
    if partner_id is None:
        if rows.count() >= policies.MOST_PARTNERS:
            raise Refused("founding.partners_full", most=policies.MOST_PARTNERS)
        last = rows.order_by("-place").first()
        row = Partner(coop_id=coop_id, made_at=now, place=1 if last is None else last.place + 1)
    else:
        found = rows.filter(id=partner_id).first()
        if found is None:
            raise Refused("founding.partner_gone")
        row = found
    name, url = " ".join(terms.name.split()), terms.url.strip()
    if not name:
        raise Refused("founding.partner_empty", path="name")
    policies.fits_text(name, policies.LONGEST_NAME).require(path="name")
    if url:
        policies.fits_text(url, policies.LONGEST_URL).require(path="url")
        policies.fits_url(url).require(path="url")
    if terms.since > today:
        raise Refused("founding.day_ahead", path="since")
    if terms.until is not None and terms.until < terms.since:
        raise Refused("founding.until_before", since=terms.since, path="until")
    if (terms.agreed_on is None) != (terms.agreed_how is None):
        raise Refused("founding.consent_half", path="agreed_on" if terms.agreed_on is None else "agreed_how")
    if terms.agreed_on is not None and terms.agreed_on > today:
        raise Refused("founding.day_ahead", path="agreed_on")
    role = {}
    for code, text in terms.role.items():
        if code not in LANGUAGE_NAMES:
            raise Refused("founding.text_language")
        plain = " ".join(text.split())
        policies.fits_text(plain, policies.LONGEST_NEEDS).require(path=f"role_{code}")
        if plain:
            role[code] = plain
    agreed_by = " ".join(terms.agreed_by.split()) if terms.agreed_on is not None else ""
    policies.fits_text(agreed_by, policies.LONGEST_NAME).require(path="agreed_by")
    row.name, row.kind, row.url, row.role = name, terms.kind.value, url, role
    row.since, row.until = terms.since, terms.until
    row.agreed_on, row.agreed_by = terms.agreed_on, agreed_by
    row.agreed_how = terms.agreed_how.value if terms.agreed_how is not None else ""
    row.changed_at = now
    row.save()
    audit("partner", row.id, kind=row.kind, since=row.since, until=row.until, agreed_on=row.agreed_on)
    return row.id


@action(verb="founding.partner_removed")
def remove_partner(*, coop_id: uuid.UUID, partner_id: uuid.UUID, actor: Actor, now: dt.datetime) -> None:
    """Take a partner off the list: it was a mistake, or it doesn't want to be named any more."""
    policies.may_keep_yard(actor, coop_id, clock.civil_date(now)).require()
    row = _held_partner(coop_id, partner_id)
    logo_id = row.logo_id
    row.delete()
    _drop_picture(coop_id, logo_id, now)
    audit("partner", partner_id)


@action(verb="founding.logo_brought")
def bring_logo(
    *,
    coop_id: uuid.UUID,
    partner_id: uuid.UUID,
    content: bytes,
    author: str,
    licence: Licence,
    texts: Mapping[str, str],
    actor: Actor,
    now: dt.datetime,
) -> uuid.UUID:
    """Show the logo of a partner, with what is seen on it and on which terms; the one before it is taken away.

    Raises Refused for what isn't a picture. Return the id of the picture.
    """
    policies.may_keep_yard(actor, coop_id, clock.civil_date(now)).require()
    row = _held_partner(coop_id, partner_id)
    earlier = row.logo_id
    row.logo_id = documents.bring_picture(
        actor=actor, now=now, coop_id=coop_id, content=content, author=author, licence=licence, texts=texts
    )
    row.changed_at = now
    row.save(update_fields=["logo", "changed_at"])
    _drop_picture(coop_id, earlier, now)
    audit("partner", row.id, picture=row.logo_id)
    return row.logo_id


@action(verb="founding.logo_taken_away")
def take_logo_away(*, coop_id: uuid.UUID, partner_id: uuid.UUID, actor: Actor, now: dt.datetime) -> None:
    """Take the logo of a partner away for good; its name stays."""
    policies.may_keep_yard(actor, coop_id, clock.civil_date(now)).require()
    row = _held_partner(coop_id, partner_id)
    if row.logo_id is None:
        raise Refused("documents.picture_gone")
    earlier, row.logo, row.changed_at = row.logo_id, None, now
    row.save(update_fields=["logo", "changed_at"])
    _drop_picture(coop_id, earlier, now)
    audit("partner", row.id, picture=earlier)


def _held_partner(coop_id: uuid.UUID, partner_id: uuid.UUID) -> Partner:
    row = Partner.objects.select_for_update(of=("self",)).filter(coop_id=coop_id, id=partner_id).first()
    if row is None:
        raise Refused("founding.partner_gone")
    return row


def _drop_picture(coop_id: uuid.UUID, picture_id: uuid.UUID | None, now: dt.datetime) -> None:
    if picture_id is not None:
        documents.take_picture_away(actor=SYSTEM, now=now, coop_id=coop_id, picture_id=picture_id)
