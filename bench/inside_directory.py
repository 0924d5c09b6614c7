"""What `directory` measures, prepared inside the application: many projects that want to be found."""

import datetime as dt
import random
import uuid
from typing import Any

PROJECTS = 596
WORDS = {
    "nl": "zon dak buren school akker brood wol fiets zorg huis boek net water boom markt dorp stad samen delen bouwen",
    "fr": "soleil toit voisins école champ pain laine vélo soins maison livre réseau eau arbre marché village ville",
    "en": "sun roof neighbours school field bread wool bicycle care house book network water tree market village town",
}


def directory(coop_id: uuid.UUID, slug: str) -> dict[str, Any]:
    """Make the installation's projects up to 596, each with its profile in three languages; return how many."""
    from coopwerf.coops import actions as coops
    from coopwerf.founding import actions, queries
    from coopwerf.founding.actions import Profile
    from coopwerf.founding.queries import ProjectWords, Search
    from coopwerf.founding.states import REGIONS, THEMES
    from coopwerf.kernel import clock
    from coopwerf.kernel.actor import SYSTEM
    from coopwerf.people.actions import register_party
    from coopwerf.people.states import PartyKind

    now, dice = clock.now(), random.Random(596)
    act: dict[str, Any] = {"actor": SYSTEM, "now": now}
    founder = register_party(
        **act,
        kind=PartyKind.PERSON,
        family="Peeters",
        given="Founder",
        email=f"founder.{uuid.uuid4().hex}@example.org",
        language="nl",
        valid_from=dt.date(1980, 1, 1),
    )
    for number in range(PROJECTS - queries.count_projects(Search())):
        texts = {
            code: ProjectWords(
                " ".join(dice.choices(words.split(), k=40)).capitalize() + ".",
                " ".join(dice.choices(words.split(), k=8)),
            )
            for code, words in WORDS.items()
        }
        coop = coops.found_coop(
            **act, name=f"Werf {number} {dice.choice(WORDS['nl'].split())}", language="nl", founder_id=founder
        )
        profile = Profile(
            themes=tuple(dice.sample(sorted(THEMES), 2)),
            region=dice.choice(sorted(REGIONS)),
            texts=texts,
            people=dice.randint(1, 40),
            since=dt.date(2024, 5, 1),
        )
        actions.write_profile(**act, coop_id=coop.id, profile=profile)
        actions.list_project(**act, coop_id=coop.id)
    return {"projects": queries.count_projects(Search())}
