"""Moves: from which version to which a ticket was moved; none was until now."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tocsin', '0020_approvals'),
    ]

    operations = [
        migrations.AddField(
            model_name='ticket',
            name='moves',
            field=models.TextField(default='[]'),
        ),
    ]
