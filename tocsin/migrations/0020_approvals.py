"""Approvals: on which tickets somebody is to decide on one, and since when."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tocsin', '0019_policy_drafts'),
    ]

    operations = [
        migrations.AddField(
            model_name='ticket',
            name='approval_since',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(
                condition=models.Q(('approval_since__isnull', False)),
                fields=['approval_since'],
                name='ticket_approval_since',
            ),
        ),
    ]
