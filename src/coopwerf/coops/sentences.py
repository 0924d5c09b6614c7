"""What coops refuses, and what the audit trail says of its acts."""

from django.utils.translation import gettext_lazy as _

from coopwerf.kernel.refusals import register_sentences

REFUSALS = {
    "coops.body_holds_mandates": _(
        "%(count)s mandates in this body go on after that day. End them first, then close the body."
    ),
    "coops.body_there_already": _("There is one of this kind already. Close it first, or choose another kind."),
    "coops.body_unknown": _("This body isn't there (any more). Go back to the page of bodies and choose again."),
    "coops.date_unlikely": _("The date %(date)s can't be meant. Give one after 1800, at most three years from now."),
    "coops.ends_before_it_begins": _("The last day lies before the first. Look at both dates."),
    "coops.erase_after_mandate": _(
        "A mandate in %(coop)s still runs. Ask its secretary to write down the last day; afterwards the data can go."
    ),
    "coops.founder_is_another": _("You can start a co-operative for yourself only. Invite others afterwards."),
    "coops.founder_without_name": _("Say who founds it: a co-operative begins with somebody."),
    "coops.hue_out_of_range": _("A hue is a number from 0 to 359."),
    "coops.invitation_gone": _(
        "This invitation doesn't work any more: it was accepted, withdrawn, or is older than fourteen days. "
        "Ask for a new one."
    ),
    "coops.lacks_power": _(
        "Your mandates don't allow you to %(power)s. Somebody with one of these roles can: %(roles)s."
    ),
    "coops.last_day_missing": _("Give the last day of the mandate."),
    "coops.last_manager": _(
        "After that nobody could give mandates any more. Give somebody else a role that can, then end this one."
    ),
    "coops.mandate_overlaps": _(
        "This person holds the same role there already, from %(valid_from)s. End that mandate first."
    ),
    "coops.mandate_unknown": _("This mandate isn't there, or was ended or corrected a moment ago. Look again."),
    "coops.party_unknown": _("This person isn't known here. Invite them by mail instead."),
    "coops.register_not_empty": _(
        "The register holds something already. A co-operative can be marked for practice only before that."
    ),
    "coops.role_not_in_body": _("This body doesn't know that role. Choose another role, or another body."),
    "coops.rule_unknown": _("There is no rule “%(rule)s”."),
    "coops.rule_value_bad": _("“%(rule)s” can't be written like that. Look at the example beside the field."),
    "coops.seat_parts_unknown": _("A seat has a street, number, box, postcode, town and country, and nothing else."),
    "coops.share_word_unknown": _("Choose “action” or “part” as the French word for shares."),
    "coops.sign_in_first": _("Somebody signs in with this address already. Sign in first, then accept."),
    "coops.stage_not_there": _("No stage was written down for %(date)s. Look at the list again."),
    "coops.stage_not_reachable": _(
        "From “%(here)s” one doesn't come to “%(there)s”. Look at the dates of the stages before and after."
    ),
    "coops.stage_unchanged": _("It is “%(stage)s” on that date already."),
    "coops.text_missing": _("Fill this in."),
    "coops.text_too_long": _("This is too long: at most %(limit)s signs."),
    "coops.too_many_invitations": _("There were %(limit)s invitations within a day. Go on tomorrow."),
    "coops.unknown": _("This co-operative isn't here."),
    "coops.which_one": _("There isn't exactly one co-operative here. Name one with --coop."),
}

VERBS = {
    "coops.body_added": _("added a body"),
    "coops.body_changed": _("renamed or closed a body"),
    "coops.founded": _("founded the co-operative"),
    "coops.hosted": _("made the co-operative for others"),
    "coops.invitation_accepted": _("accepted an invitation"),
    "coops.invitation_withdrawn": _("withdrew an invitation"),
    "coops.invitations_forgotten": _("forgot where somebody was invited"),
    "coops.invited": _("invited somebody to a role"),
    "coops.look_changed": _("changed name, language, colour or mail footer"),
    "coops.mandate_ended": _("ended a mandate"),
    "coops.mandate_granted": _("gave a mandate"),
    "coops.mandate_voided": _("took a mandate back as never held"),
    "coops.practice_marked": _("marked the co-operative for practice"),
    "coops.profile_changed": _("changed the public facts"),
    "coops.rules_set": _("set rules of the statutes"),
    "coops.stage_changed": _("wrote down a stage"),
    "coops.stage_taken_back": _("took a stage back"),
}

register_sentences(REFUSALS, VERBS)
