"""What the kernel itself refuses, in words."""

from django.utils.translation import gettext_lazy as _

from .refusals import register_sentences

REFUSALS = {
    "kernel.api_broke": _("Something went wrong on our side. Nothing was changed half-way; try again in a moment."),
    "kernel.api_busy": _("The server is busy. Try again after the seconds in the header Retry-After."),
    "kernel.api_cursor": _("This cursor doesn't belong to this list. Begin again without one."),
    "kernel.api_file_missing": _("Send the file as “file” of the form, or as the body itself."),
    "kernel.api_https": _("Tokens are accepted over HTTPS only. Take this one back: it was sent in the clear."),
    "kernel.api_invalid": _("What was sent doesn't fit. Look at “errors”: each says where, and why."),
    "kernel.api_key_reused": _("This Idempotency-Key was used for another request. Take a new one for each request."),
    "kernel.api_length": _("Send the length of the body in the header Content-Length."),
    "kernel.api_media_type": _("Send the body as %(wanted)s, and say so in the header Content-Type."),
    "kernel.api_method": _("This address doesn't take this method. The header Allow says which ones it takes."),
    "kernel.api_not_acceptable": _("The answer is JSON. Ask for application/json in the header Accept."),
    "kernel.api_not_found": _("There is nothing at this address, or nothing that you may see."),
    "kernel.api_scope_missing": _("This token lacks the scope “%(scope)s”. Make a token that has it."),
    "kernel.api_token_bad": _(
        "This token isn't valid: it was taken back, has ended, or was never made. Make a new one."
    ),
    "kernel.api_token_missing": _("Send a personal token in the header Authorization, as “Bearer cw_…”."),
    "kernel.api_too_large": _("This is too large: at most %(most)s bytes fit."),
    "kernel.api_too_often": _("That was very often. Try again after the seconds in the header Retry-After."),
    "kernel.api_unreadable": _("The body can't be read. Check that it is what its header Content-Type says."),
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
