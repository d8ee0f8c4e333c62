"""Intake: who may send alerts, what came in, what was turned away, and which alert is on which ticket."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tocsin', '0005_desk'),
    ]

    operations = [
        migrations.CreateModel(
            name='IntakeKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.TextField()),
                ('name', models.TextField(blank=True, default='')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('default_priority', models.TextField(blank=True, default='')),
                ('rate', models.PositiveIntegerField(default=100)),
                ('created_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('last_used_at', models.DateTimeField(blank=True, null=True)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tocsin.client')),
                ('service', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tocsin.service')),
            ],
            options={
                'ordering': ['client', 'source', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='IntakeItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('client_id', models.BigIntegerField()),
                ('source', models.TextField()),
                ('received_at', models.DateTimeField()),
                ('body', models.BinaryField()),
                ('digest', models.CharField(max_length=64)),
                ('state', models.TextField(default='new')),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.TextField(blank=True, default='')),
                ('error', models.TextField(blank=True, default='')),
                ('key', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='tocsin.intakekey')),
            ],
        ),
        migrations.CreateModel(
            name='IntakeRefusal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('client_id', models.BigIntegerField(null=True)),
                ('reason', models.TextField()),
                ('day', models.DateField()),
                ('count', models.PositiveBigIntegerField(default=0)),
                ('first_at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('key', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='refusals', to='tocsin.intakekey')),
            ],
            options={
                'ordering': ['-day', '-last_at'],
            },
        ),
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.TextField()),
                ('dedup_key', models.TextField()),
                ('state', models.TextField(default='firing')),
                ('severity', models.TextField(blank=True, default='')),
                ('summary', models.TextField()),
                ('host', models.TextField(blank=True, default='')),
                ('service', models.TextField(blank=True, default='')),
                ('message', models.TextField(blank=True, default='')),
                ('link', models.TextField(blank=True, default='')),
                ('details', models.JSONField(blank=True, default=dict)),
                ('first_seen_at', models.DateTimeField()),
                ('last_seen_at', models.DateTimeField()),
                ('resolved_at', models.DateTimeField(blank=True, null=True)),
                ('count', models.PositiveBigIntegerField(default=1)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tocsin.client')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='alerts', to='tocsin.ticket')),
            ],
            options={
                'indexes': [models.Index(fields=['client', 'source', 'dedup_key'], name='alert_key')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('firing', 'acknowledged'))), fields=('client', 'source', 'dedup_key'), name='alert_open_once'), models.CheckConstraint(condition=models.Q(('dedup_key', ''), _negated=True), name='alert_has_a_key')],
            },
        ),
        migrations.AddConstraint(
            model_name='intakekey',
            constraint=models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='intake_key_names_a_source'),
        ),
        migrations.AddConstraint(
            model_name='intakekey',
            constraint=models.CheckConstraint(condition=models.Q(('rate__gte', 1)), name='intake_key_lets_something_in'),
        ),
        migrations.AddIndex(
            model_name='intakeitem',
            index=models.Index(condition=models.Q(('state', 'new')), fields=['client_id', 'id'], name='intake_item_new'),
        ),
        migrations.AddIndex(
            model_name='intakeitem',
            index=models.Index(condition=models.Q(('state', 'unreadable')), fields=['id'], name='intake_item_unreadable'),
        ),
        migrations.AddConstraint(
            model_name='intakeitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'unreadable'), _negated=True), models.Q(('error', ''), _negated=True), _connector='OR'), name='intake_item_says_why'),
        ),
        migrations.AddConstraint(
            model_name='intakerefusal',
            constraint=models.UniqueConstraint(fields=('key', 'reason', 'day'), name='intake_refusal_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='intakerefusal',
            constraint=models.UniqueConstraint(condition=models.Q(('key__isnull', True)), fields=('reason', 'day'), name='intake_refusal_without_key_once_a_day'),
        ),
    ]
