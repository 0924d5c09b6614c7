"""Each payment of a subscription is paid back by a claim of its own; what was paid back in vain is asked for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Keep the claims with the payments that they are about."""

    dependencies = [("capital", "0002_subscriptions")]
    operations = [
        migrations.AlterField(
            model_name="subscription",
            name="refund_id",
            field=models.UUIDField(help_text="The last claim by which something is paid back.", null=True),
        ),
        migrations.AddField(
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
