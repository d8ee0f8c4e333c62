"""Where the line is stopped, since when, and who leads there."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tocsin', '0012_api_keys'),
    ]

    operations = [
        migrations.AddField(
            model_name='ticket',
            name='comms_lead',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tocsin.person'),
        ),
        migrations.AddField(
            model_name='ticket',
            name='incident_manager',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tocsin.person'),
        ),
        migrations.AddField(
            model_name='ticket',
            name='stopped_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
