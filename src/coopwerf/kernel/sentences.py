"""What the kernel itself refuses, in words."""

from django.utils.translation import gettext_lazy as _

from .refusals import register_sentences

REFUSALS = {
    "kernel.bad_value": _("“%(field)s” is not usable: %(why)s."),
    "kernel.changed_meanwhile": _(
        "Somebody else changed this a moment ago. Look again and repeat what is still needed."
    ),
    "kernel.coop_unknown": _("There is no co-operative “%(slug)s” here."),
    "kernel.file_unreadable": _("The file “%(path)s” can't be read. Check the name and whether it may be opened."),
    "kernel.head_unknown": _("This head is not an ancestor of the present chain, or is not written as position:hash."),
    "kernel.known_unreadable": _("“%(text)s” is neither a position in the chain nor a time such as 2026-11-23T10:00."),
    "kernel.not_administrator": _("Only the administrator of this installation may do this."),
    "kernel.not_practice": _("A scenario can be played only in a co-operative that is marked for practice."),
    "kernel.not_signed_in": _("Sign in first."),
    "kernel.unknown_action": _("There is no action “%(name)s”. Ask “coopwerf actions” for the list."),
}

register_sentences(REFUSALS)
