from django.db import migrations, models

# Rows are small and change all the time: room beside each keeps its new version on the same page of the disk. What was
# counted may go when the database crashes, so nothing of it is written to its log.
UNLOGGED = "ALTER TABLE kernel_tally SET (fillfactor = 50); ALTER TABLE kernel_tally SET UNLOGGED;"


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("who", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("stretch", models.BigIntegerField(help_text="Which stretch, counted from 1970.")),
                ("length", models.PositiveIntegerField(help_text="How many seconds a stretch has.")),
                ("number", models.PositiveIntegerField()),
            ],
        ),
        migrations.RunSQL(UNLOGGED, migrations.RunSQL.noop),
    ]
