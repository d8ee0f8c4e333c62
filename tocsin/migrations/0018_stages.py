"""Stages: in which one the work on a ticket is; none until its standard has any."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tocsin', '0017_adopted_is_in_force'),
    ]

    operations = [
        migrations.AddField(
            model_name='ticket',
            name='stage',
            field=models.TextField(blank=True, default=''),
        ),
    ]
