"""`coopwerf verify`: recompute a register from its rows."""

import gc
import re
from typing import Any

from django.core.management.base import CommandParser

from coopcalc.chain import Head
from coopcalc.register.verify import message
from coopwerf.coops import queries as coops
from coopwerf.kernel.command import FINDING, DomainCommand
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.register import queries
from coopwerf.register.queries.proof import MESSAGES

MOST_TOLD = 20


class Command(DomainCommand):
    """Recompute the chain, the commitments and the sums of a register; exit 1 names what is broken."""

    help = "Recompute a register and its chain from its rows."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --coop and --head."""
        parser.add_argument("--coop", metavar="SLUG", help="the co-operative meant")
        parser.add_argument("--head", help="a head printed earlier, position:hash, that must stand in this chain")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print `{"ok","movements","audit","unsealed","head",…}`."""
        coop = coops.coop_for_command(options["coop"])
        ancestor: Head | None = None
        if options["head"]:
            try:
                ancestor = Head.parse(re.sub(r"[\s\u200b\u00ad]", "", options["head"]))  # copied from a paper
            except ValueError:
                raise Refused("kernel.head_unknown") from None
        # What is read stays until the end and holds no cycles: looking for garbage would take a third of the time.
        gc.disable()
        with tenant(coop.id):
            proof = queries.verify(coop.id, ancestor)
        told = proof.verification
        report: dict[str, Any] = {
            "ok": proof.ok,
            "movements": told.movements,
            "entries": told.entries,
            "audit": told.audit,
            "unsealed": proof.unsealed,
            "head": str(told.head),
            "members": told.members,
            "shares": dict(told.shares),
            "paid": f"{told.paid:.2f}",
            "records": told.records,
            "erased": told.erased,
        }
        if not proof.ok:
            report["position"] = proof.findings[0].position
            report["findings"] = [
                {
                    "position": found.position,
                    "code": found.code,
                    "message": MESSAGES[found.code].format(**found.facts) if found.code in MESSAGES else message(found),
                }
                for found in proof.findings[:MOST_TOLD]
            ]
        self.say(report)
        if not proof.ok:
            raise SystemExit(FINDING)
