"""`coopwerf demo`: a co-operative for practice to look around in, played from a scenario."""

from pathlib import Path
from typing import Any

from coopwerf.coops import queries as coops
from coopwerf.kernel.command import FINDING, DomainCommand
from coopwerf.kernel.refusals import Refused
from coopwerf.site.player import Play, playables, read_script

SCENARIO = Path(__file__).resolve().parents[2] / "scenarios" / "demo.jsonl"
SLUG = "de-buurtwerf"
LOOK_AS = {"chair": "yasmina@demo.example", "secretary": "joris@demo.example", "member": "samira@demo.example"}


class Command(DomainCommand):
    """Play the demonstration: founders, a board, members, a transfer, a correction, requests, papers."""

    help = "Make a co-operative for practice to look around in."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print `{"slug", "lines", "refused", "sign_in_as"}`; exit 1 with the lines that were refused."""
        there = coops.coop_by_slug(SLUG)
        if there is not None:
            raise Refused("site.demo_there", slug=SLUG)
        actions = playables()
        outcomes = list(Play(actions).run(read_script(SCENARIO.read_text(encoding="utf-8").split("\n"), actions)))
        refused = [outcome.as_dict() for outcome in outcomes if not outcome.ok]
        self.say({"slug": SLUG, "lines": len(outcomes), "refused": refused, "sign_in_as": LOOK_AS})
        if refused:
            raise SystemExit(FINDING)
