"""Everything that changes a co-operative's own facts, its statutes' rules, its bodies and mandates."""

from .founding import found_coop, host_coop, mark_practice
from .invitations import accept_invitation, forget_invitations, invite, withdraw_invitation
from .mandates import add_body, change_body, end_mandate, grant_mandate
from .settings import change_look, change_profile, set_rules
from .stages import change_stage, take_back_stage

__all__ = [
    "accept_invitation",
    "add_body",
    "change_body",
    "change_look",
    "change_profile",
    "change_stage",
    "end_mandate",
    "forget_invitations",
    "found_coop",
    "grant_mandate",
    "host_coop",
    "invite",
    "mark_practice",
    "set_rules",
    "take_back_stage",
    "withdraw_invitation",
]
