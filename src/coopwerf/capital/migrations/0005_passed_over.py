"""That somebody was passed over on the waiting list stands among what happened."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Tell of it among what happened."""

    dependencies = [("capital", "0004_paid_in_vain")]
    operations = [
        migrations.RemoveConstraint(model_name="subscriptionevent", name="capital_subscriptionevent_kind"),
        migrations.AddConstraint(
            model_name="subscriptionevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "sent",
                            "queued",
                            "moved_up",
                            "confirmed",
                            "reminded",
                            "mailed",
                            "corrected",
                            "extended",
                            "resized",
                            "paid",
                            "taken_back",
                            "lapsed",
                            "revived",
                            "admitted",
                            "refused",
                            "withdrawn",
                            "refunded",
                            "paid_back",
                            "asked_back",
                            "kept_paid",
                            "passed",
                        ],
                    )
                ),
                name="capital_subscriptionevent_kind",
            ),
        ),
    ]
