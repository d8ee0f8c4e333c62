"""Intake: how much of a long body has been read."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tocsin', '0006_intake'),
    ]

    operations = [
        migrations.AddField(
            model_name='intakeitem',
            name='alerts_read',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
