"""Corrections: on which tickets one waits for somebody to decide, and since when."""

import json

from django.db import migrations, models

KINDS = ('correction_drafted', 'correction_approved', 'correction_refused')


def fill(apps, schema_editor):
    """What waits already is found, too."""
    waiting = {}
    events = apps.get_model('tocsin', 'Event').objects.filter(kind__in=KINDS).order_by('stream', 'seq')
    for event in events.iterator():
        drafted = waiting.setdefault(event.stream, {})
        if event.kind == KINDS[0]:
            drafted[event.seq] = event.recorded_at
        else:
            drafted.pop(json.loads(event.body)['data']['of'], None)
    for stream, drafted in waiting.items():
        if drafted:
            number = int(stream.partition('/')[2])
            apps.get_model('tocsin', 'Ticket').objects.filter(pk=number).update(correction_since=min(drafted.values()))


class Migration(migrations.Migration):

    dependencies = [
        ('tocsin', '0014_rosters'),
    ]

    operations = [
        migrations.AddField(
            model_name='ticket',
            name='correction_since',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('correction_since__isnull', False)), fields=['correction_since'], name='ticket_correction_since'),
        ),
    ]
