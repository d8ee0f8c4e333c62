"""The log: events and daily roots, which the database itself refuses to change."""

from django.db import migrations, models

from tocsin.log import guard


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Root',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True)),
                ('sealed_at', models.DateTimeField()),
                ('heads', models.TextField(blank=True)),
                ('previous', models.CharField(blank=True, max_length=64, unique=True)),
                ('digest', models.CharField(max_length=64)),
                ('signature', models.TextField()),
                ('public_key', models.TextField()),
            ],
            options={
                'ordering': ['day'],
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stream', models.TextField()),
                ('seq', models.PositiveBigIntegerField()),
                ('client_id', models.BigIntegerField(null=True)),
                ('kind', models.TextField()),
                ('effective_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('key', models.TextField(null=True)),
                ('actor', models.TextField()),
                ('body', models.TextField()),
                ('hash', models.CharField(max_length=64)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('stream', 'seq'), name='event_once_in_stream'), models.UniqueConstraint(condition=models.Q(('key__isnull', False)), fields=('stream', 'key'), name='event_key_once_in_stream'), models.CheckConstraint(condition=models.Q(('seq__gte', 1)), name='event_seq_from_one')],
            },
        ),
        guard.operation("tocsin_event", "tocsin_root"),
    ]
