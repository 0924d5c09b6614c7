"""What gatherings refuse and what their acts are called, in words."""

from django.utils.translation import gettext_lazy as _

from coopwerf.kernel.refusals import register_sentences

REFUSALS = {
    "events.answer_empty": _(
        "Say in what it was taken up, or why it wasn't: people want to know what their voice did."
    ),
    "events.answer_in_past": _("The day until which people answer is past. Give a later one."),
    "events.begins_in_past": _("This gathering would begin in the past. Give a later day."),
    "events.called_off": _("This gathering was called off: it stays as it was. Prepare a new one."),
    "events.came_already": _("Somebody whom you take off was here already. Leave them on the list."),
    "events.capacity_out_of_bounds": _("Give a number of places from 1 to %(most)s, or none where everybody fits in."),
    "events.caught_ahead": _("One of these times is still to come. Mend the time, or the date."),
    "events.caught_line": _(
        "Line %(number)s can't be read. Write a code and a time, such as CDF-HJK-LMN 19:05; the first line needs its time."
    ),
    "events.caught_many": _("Enter at most %(most)s lines at once. Send these first, then the others."),
    "events.children_out_of_bounds": _("Give a number of children from 0 to %(most)s."),
    "events.contribution_empty": _("Write what was said, and under which theme it belongs."),
    "events.contribution_gone": _("This contribution isn't there (any more). Look at the list again."),
    "events.contributions_full": _(
        "A gathering has at most %(most)s contributions. Put those that say the same together."
    ),
    "events.desk_closed": _("This desk is closed. Ask the organisers for another link."),
    "events.desk_early": _("This desk opens on %(on)s. Keep the link until then."),
    "events.desk_gone": _("This desk isn't there. Copy the whole link again, or ask the organisers for it."),
    "events.desk_over": _(
        "The day of this gathering is over, and with it this desk. Organisers can still write down who came."
    ),
    "events.desk_twice": _("Another desk has this name. Give each its own, so that you know where somebody came in."),
    "events.desk_unnamed": _("Give the desk a name, such as “Left door”."),
    "events.ends_before": _("It would end before it begins. Change one of the two times."),
    "events.fewer_than_taken": _("%(taken)s places are taken already. Give at least so many."),
    "events.forget_days": _("Give from 1 to 365 days after which we forget what people need."),
    "events.forgets_later": _("What people need is forgotten some days after the gathering, not yet now."),
    "events.gathering_gone": _("This gathering isn't there (any more). Look at the list again."),
    "events.heads_out_of_bounds": _("Give a number of heads from 0 to %(most)s."),
    "events.moves_by_telling": _(
        "People have registered for this day and place. Use “Move it”: everybody is told, and asked whether they still come."
    ),
    "events.network_busy": _(
        "Very many registrations came from your network within an hour. Try again in an hour, or on another network."
    ),
    "events.no_address": _("Give the address where people find you in that town."),
    "events.no_room": _(
        "Only %(left)s places are free. Bring fewer people, or register the others by themselves: they come on the waiting list."
    ),
    "events.nobody_named": _("Write the name of whoever comes, one on each line."),
    "events.not_begun": _("This gathering hasn't begun. Come back afterwards."),
    "events.not_ready": _("This gathering can’t be announced yet. What it lacks is listed on its page (%(count)s)."),
    "events.not_registering": _("Nobody can register for this gathering (any more): it is over, or not announced yet."),
    "events.not_seated": _("This registration has no place (any more). Let them in anyway if there is room."),
    "events.not_tomorrow": _("This gathering isn't tomorrow: nobody is reminded today."),
    "events.nothing_noted": _("Nothing was noted of this ticket here, so there is nothing to take back."),
    "events.nowhere": _("Say where people meet: a town with an address, a link to take part online, or both."),
    "events.online_wrong": _("Give a whole address for taking part online, beginning with https://."),
    "events.only_draft": _("People have read of this gathering: it can't be deleted. Call it off instead."),
    "events.registration_gone": _("This registration isn't here (any more). Copy the address from your mail again."),
    "events.registration_over": _("This registration was cancelled. Register anew if you still want to come."),
    "events.series_gone": _("This series isn't there (any more). Choose from the list."),
    "events.series_unnamed": _("Give the series a name."),
    "events.picture_unknown": _("There is no picture %(place)s any more. Look at the report again."),
    "events.pictures_full": _("A report shows at most %(most)s pictures. Take one away first."),
    "events.session_gone": _("This session isn't on the programme (any more). Choose again."),
    "events.session_outside": _(
        "“%(title)s” lies outside the gathering. Change the times of that session, or those of the gathering."
    ),
    "events.sessions_full": _("A programme has at most %(most)s sessions. Take one off first."),
    "events.sessions_overlap": _("Two sessions that you chose are at the same time. Choose one of them."),
    "events.state": _("The gathering changed meanwhile. Look at it again."),
    "events.text_too_long": _("This text has %(length)s characters. At most %(longest)s fit."),
    "events.ticket_cancelled": _("This registration was cancelled. Let them in as somebody without a registration."),
    "events.ticket_gone": _("No ticket of this gathering has this code. Look for the name."),
    "events.time_skipped": _(
        "On %(on)s clocks are put forward: %(time)s doesn't exist that night. Give a time before or after that hour."
    ),
    "events.too_long": _("A gathering lasts at most fourteen days. Make several of them, in a series."),
    "events.too_many_together": _("One registration brings at most %(most)s people. Make another one for the others."),
    "events.untitled": _("Give it a title."),
    "events.untold": _(
        "In %(language)s the title or the first sentences are lacking. Write them, or leave that language out."
    ),
    "events.voices_out_of_bounds": _("Say how many people said so: at least one."),
    "events.zone_unknown": _("We don't know this time zone. Choose from the list."),
}

VERBS = {
    "events.announced": _("announced a gathering"),
    "events.asked_again": _("asked again who still comes to a gathering"),
    "events.called_off": _("called a gathering off"),
    "events.cancelled": _("cancelled a registration"),
    "events.caught_up": _("wrote down who came while the network failed"),
    "events.changed": _("changed a registration"),
    "events.checked_in": _("let somebody in"),
    "events.checked_in_again": _("read the ticket of somebody who was inside"),
    "events.checked_out": _("let somebody out"),
    "events.checked_out_again": _("read the ticket of somebody who was outside"),
    "events.confirmed": _("confirmed a registration"),
    "events.contribution_answered": _("told what became of a contribution"),
    "events.contribution_noted": _("wrote down a contribution"),
    "events.contribution_removed": _("removed a contribution"),
    "events.deleted": _("deleted the draft of a gathering"),
    "events.desk_closed": _("closed a desk"),
    "events.desk_opened": _("opened a desk"),
    "events.drafted": _("prepared a gathering"),
    "events.heads_counted": _("counted heads"),
    "events.held": _("said that a gathering was held"),
    "events.letters_written": _("wrote to people who registered"),
    "events.moved": _("moved a gathering"),
    "events.names_forgotten": _("forgot who was at a gathering"),
    "events.needs_forgotten": _("forgot what people needed at a gathering"),
    "events.passage_voided": _("took back what was noted at a desk"),
    "events.passage_voided_again": _("took back what was taken back at a desk"),
    "events.picture_brought": _("brought a picture to the report of a gathering"),
    "events.picture_taken_away": _("took a picture of a gathering away"),
    "events.planned": _("changed a gathering"),
    "events.registered": _("registered for a gathering"),
    "events.registered_again": _("sent a registration a second time"),
    "events.registrant_forgotten": _("forgot somebody who registered"),
    "events.reminded": _("reminded people of a gathering"),
    "events.reported": _("reported on a gathering"),
    "events.room_given": _("gave places to who waits"),
    "events.series_made": _("began a series of gatherings"),
    "events.session_dropped": _("took a session off a programme"),
    "events.session_planned": _("planned a session"),
    "events.still_coming": _("said that they still come"),
    "events.told": _("wrote the texts of a gathering"),
    "events.walked_in": _("let somebody in without a registration"),
    "events.walked_in_again": _("pressed twice for somebody without a registration"),
}

register_sentences(REFUSALS, VERBS)
