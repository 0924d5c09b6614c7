"""Comments on reports, what readers object to in them, and the log of who showed and hid them."""

from django.db import models

from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.models import AppendOnlyModel
from coopwerf.kernel.tenancy import TenantModel

from ..states import CommentState, Ground

_GROUNDS = [ground.value for ground in Ground]
_UNSHOWN = [CommentState.REFUSED.value, CommentState.HIDDEN.value]


class Comment(TenantModel):
    """What somebody says below a report: under a pseudonym with an address that nobody sees, or an author by name.

    An answer stands below a comment, and nothing below an answer. `key` is that of the form: sent twice it is one.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    report = models.ForeignKey("founding.Report", on_delete=models.PROTECT, related_name="comments", db_index=False)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="answers")
    key = models.UUIDField()
    state = models.CharField(max_length=11, default=CommentState.UNCONFIRMED.value)
    contact = models.ForeignKey("outbox.Contact", on_delete=models.PROTECT, null=True, related_name="+")
    party = models.ForeignKey("people.Party", on_delete=models.PROTECT, null=True, related_name="+")
    pseudonym = models.CharField(max_length=40, blank=True)
    pseudonym_key = models.CharField(max_length=80, blank=True)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=2)
    revision = models.PositiveSmallIntegerField(default=1)
    said_at = models.DateTimeField()
    edit_until = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    shown_at = models.DateTimeField(null=True)
    ground = models.CharField(max_length=10, blank=True, help_text="Why it isn't shown.")
    wants_answers = models.BooleanField(default=False, help_text="Its writer is told by mail what is answered.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["coop", "key"], name="founding_comment_key"),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in CommentState]), name="founding_comment_state"
            ),
            models.CheckConstraint(
                condition=~models.Q(party__isnull=False, contact__isnull=False), name="founding_comment_writer"
            ),
            models.CheckConstraint(
                condition=models.Q(state=CommentState.GONE.value, text="", pseudonym="", pseudonym_key="")
                | (~models.Q(state=CommentState.GONE.value) & ~models.Q(text="")),
                name="founding_comment_said",
            ),
            models.CheckConstraint(
                condition=(models.Q(ground="") & ~models.Q(state__in=_UNSHOWN))
                | models.Q(ground__in=_GROUNDS, state__in=_UNSHOWN),
                name="founding_comment_ground",
            ),
        ]
        indexes = [
            models.Index(fields=["report", "state", "said_at"], name="founding_comment_thread"),
            models.Index(
                fields=["coop", "said_at"],
                condition=models.Q(state=CommentState.HELD.value),
                name="founding_comment_held",
            ),
            models.Index(fields=["coop", "pseudonym_key"], name="founding_comment_pseudonym"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class CommentObjection(TenantModel):
    """A reader thinks that a comment shouldn't stand there: on which ground, in their words; settled or not yet."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="objections")
    ground = models.CharField(max_length=10)
    words = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(ground__in=_GROUNDS), name="founding_objection_ground")
        ]
        indexes = [
            models.Index(
                fields=["coop", "made_at"],
                condition=models.Q(settled_at__isnull=True),
                name="founding_objection_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.ground} {self.made_at:%Y-%m-%d}"


class CommentEvent(TenantModel, AppendOnlyModel):
    """The log of moderation: what became of a comment, by whom, on which ground, in the moderator's words."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="events")
    state = models.CharField(max_length=11, help_text="What became of it.")
    ground = models.CharField(max_length=10, blank=True)
    words = models.CharField(max_length=500, blank=True)
    by = models.UUIDField(null=True, help_text="The party who decided; empty for whoever wrote the comment.")
    at = models.DateTimeField()

    class Meta(AppendOnlyModel.Meta):
        indexes = [models.Index(fields=["coop", "at"], name="founding_commentevent_at")]

    def __str__(self) -> str:
        return f"{self.state} {self.at:%Y-%m-%d}"
