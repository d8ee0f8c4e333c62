"""The agenda: by which instant something must happen on a ticket."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tocsin', '0009_accounts'),
    ]

    operations = [
        migrations.AddField(
            model_name='ticket',
            name='next_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(fields=['status', 'owner'], name='ticket_status_owner'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(fields=['status', 'priority'], name='ticket_status_priority'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(fields=['asked_level'], name='ticket_asked_level'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('next_at__isnull', False)), fields=['next_at'], name='ticket_next_at'),
        ),
    ]
