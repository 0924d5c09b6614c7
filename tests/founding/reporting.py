"""Wolkenwerf tells how its rack was built. For several stories."""

import datetime as dt
import uuid
from typing import Any

from coopwerf.documents.states import Licence
from coopwerf.founding import actions, queries
from coopwerf.founding.queries import ReportFacts
from coopwerf.founding.states import Words
from coopwerf.founding.web import reading
from coopwerf.kernel.tenancy import tenant
from tests.cast import NOW, Cast, Person
from tests.documents.photos import photo

DUTCH = Words(
    title="De servers staan recht",
    lead="Op maandag 2 maart om 21.14 uur kreeg Emre de eerste mail op een adres van ons.",
    done="Zes zaterdagen lang trokken **elf vrijwilligers** kabels.\n\n- het rek\n- de stroom",
    standing="40 vennoten hebben mail. Er ging niets verloren.",
    next="Bestanden en agenda schuiven op naar 10 mei.",
)
FRENCH = Words(
    title="Les serveurs sont debout",
    lead="Le lundi 2 mars à 21 h 14, Emre a reçu le premier courriel à une de nos adresses.",
    done="Pendant six samedis, **onze bénévoles** ont tiré des câbles.",
    standing="40 coopérateurs ont leur courriel. Rien ne s’est perdu.",
    next="Les fichiers et l’agenda sont reportés au 10 mai.",
)


def act(cast: Cast, now: dt.datetime = NOW, who: Person | None = None) -> dict[str, Any]:
    """Return what every act of the secretary, or of somebody else, needs."""
    return {"actor": (who or cast.secretary).actor, "now": now, "coop_id": cast.id}


def facts(cast: Cast, report_id: uuid.UUID) -> ReportFacts:
    """Return a report as it stands."""
    with tenant(cast.id):
        found = queries.report_facts(cast.id, report_id)
    assert found is not None
    return found


def drafted(cast: Cast, words: Words = DUTCH, language: str = "nl") -> uuid.UUID:
    """Begin a report, and write it."""
    report_id = actions.draft_report(**act(cast), title=words.title, language=language)
    write(cast, report_id, words)
    return report_id


def write(cast: Cast, report_id: uuid.UUID, words: Words, **other: Any) -> None:
    """Write what a report tells."""
    found = facts(cast, report_id)
    told = {"cover": found.written.cover, "takes_comments": True, "revision": found.revision, **other}
    actions.write_report(**act(cast), report_id=report_id, words=words, **told)


def pictured(cast: Cast, report_id: uuid.UUID, where: str = "top", **other: Any) -> int:
    """Bring a picture to a report; return its number there."""
    told = {
        "content": photo(),
        "author": "Claire Lambotte",
        "licence": Licence.BY_SA,
        "texts": {"nl": "Twee vrijwilligers tillen een server"},
        "caption": "Het rek in Evere",
        **other,
    }
    return actions.bring_picture(**act(cast), report_id=report_id, where=where, **told)


def published(cast: Cast, words: Words = DUTCH, now: dt.datetime = NOW) -> uuid.UUID:
    """Write a report and publish it."""
    report_id = drafted(cast, words)
    actions.publish_report(**act(cast, now), report_id=report_id)
    forget()
    return report_id


def translated(cast: Cast, report_id: uuid.UUID, words: Words = FRENCH, **other: Any) -> uuid.UUID:
    """Translate a report into French."""
    told = {"language": "fr", "of_version": facts(cast, report_id).version.number, "translator": "Noor", **other}
    return actions.record_translation(**act(cast), report_id=report_id, words=words, **told)


def forget() -> None:
    """Let the next page be made anew."""
    reading._moments.forget()
