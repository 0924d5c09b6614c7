"""Wolkenwerf offers shares: the draft, what it tells, and the day it opens. For several stories."""

import dataclasses
import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from coopwerf.capital import actions, queries
from coopwerf.capital.actions import OfferTerms
from coopwerf.capital.queries import OfferFacts, OfferWords
from coopwerf.kernel import clock
from coopwerf.kernel.tenancy import tenant
from coopwerf.register import actions as register
from tests.cast import NOW, TODAY, Cast

IBAN = "BE71 0961 2345 6769"
LATER = max(clock.now(), NOW)
DUTCH = OfferWords(
    title="Mail en cloud waar je zelf eigenaar van bent",
    lead="Samen huren we één rek met servers. Geen reclame: wie de dienst gebruikt, beslist mee.",
    purpose="Met dit geld kopen we:\n\n- twee servers\n- kabels en stroom voor drie jaar\n- het loon van wie zorgt",
    rights="Een aandeel is een stukje van de coöperatie. Je geld staat in servers en het loon van wie ze verzorgt.",
    risks="Het is geen spaarboekje. Gaat Wolkenwerf failliet, dan krijg je je inleg misschien niet terug.",
    risk_sentence="Ik weet dat ik kan verliezen wat ik inleg.",
    statutes="Artikel 1. De coöperatie heet Wolkenwerf.",
)
FRENCH = OfferWords(
    title="Un courrier et un nuage dont vous êtes propriétaire",
    lead="Ensemble, nous louons une baie de serveurs. Pas de publicité : qui utilise le service décide.",
    purpose="Avec cet argent, nous achetons deux serveurs.",
    rights="Une action est une part de la coopérative.",
    risks="Ce n’est pas un compte d’épargne. Vous pouvez perdre votre mise.",
    risk_sentence="Je sais que je peux perdre ce que j’investis.",
    statutes="Article 1er. La coopérative s’appelle Wolkenwerf.",
)


def with_shares(cast: Cast, code: str = "A", price: str = "50.00", name: str = "gebruikers") -> None:
    """Open a class of shares."""
    register.set_class_terms(
        actor=cast.chair.actor,
        now=NOW,
        coop_id=cast.id,
        code=code,
        name=name,
        valid_from=dt.date(2021, 3, 1),
        nominal=Decimal(price),
    )


def act(cast: Cast, now: dt.datetime = NOW) -> dict[str, Any]:
    """Return what every act of the treasurer needs."""
    return {"actor": cast.treasurer.actor, "now": now, "coop_id": cast.id}


def facts(cast: Cast, offer_id: uuid.UUID, on: dt.date = TODAY) -> OfferFacts:
    """Return an offer as it stands."""
    with tenant(cast.id):
        found = queries.offer_facts(cast.id, offer_id, on)
    assert found is not None
    return found


def terms_of(offer: OfferFacts, **other: Any) -> OfferTerms:
    """Return the terms of an offer, with what is told otherwise."""
    same = {
        field.name: getattr(offer, field.name) for field in dataclasses.fields(OfferTerms) if field.name != "classes"
    }
    return OfferTerms(**{**same, "classes": tuple(one.code for one in offer.classes), **other})


def drafted(cast: Cast, title: str = DUTCH.title) -> uuid.UUID:
    """Prepare an offer that lacks everything but its title."""
    return actions.draft_offer(**act(cast), title=title, language="nl")


def written(cast: Cast, *, languages: tuple[str, ...] = ("nl", "fr"), **terms: Any) -> uuid.UUID:
    """Prepare an offer that can open."""
    offer_id = drafted(cast)
    told = {
        "slug": "rek",
        "languages": languages,
        "target": Decimal("120000.00"),
        "ceiling": Decimal("200000.00"),
        "iban": IBAN,
        "holder": "Wolkenwerf",
        **terms,
    }
    actions.change_offer(**act(cast), offer_id=offer_id, terms=terms_of(facts(cast, offer_id), **told))
    for language in languages:
        words = FRENCH if language == "fr" else DUTCH
        actions.write_texts(**act(cast), offer_id=offer_id, language=language, words=words)
    actions.name_statutes(
        **act(cast), offer_id=offer_id, name="Gecoördineerde tekst van mei 2025", on=dt.date(2025, 5, 12)
    )
    return offer_id


def opened(cast: Cast, **terms: Any) -> uuid.UUID:
    """Prepare an offer and open it."""
    offer_id = written(cast, **terms)
    actions.open_offer(**act(cast), offer_id=offer_id)
    return offer_id
