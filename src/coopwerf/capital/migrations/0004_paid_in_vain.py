"""What was paid back of a payment that turned out to be somebody else's is asked for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Keep the claim with the payment that it is about, and tell of it among what happened."""

    dependencies = [("capital", "0003_refund_of_payment")]
    operations = [
        migrations.AlterField(
            model_name="subscription",
            name="refund_id",
            field=models.UUIDField(help_text="The last claim by which something is paid back.", null=True),
        ),
        migrations.AlterField(
            model_name="subscriptionpayment",
            name="refund_id",
            field=models.UUIDField(help_text="The claim by which it is paid back.", null=True),
        ),
        migrations.AddField(
            model_name="subscriptionpayment",
            name="asked_id",
            field=models.UUIDField(
                help_text="The claim for what was paid back before its match was undone.", null=True
            ),
        ),
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
                        ],
                    )
                ),
                name="capital_subscriptionevent_kind",
            ),
        ),
    ]
