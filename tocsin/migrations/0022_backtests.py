"""Backtests: which drafts were tried on the past, how far each is, and what it found."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tocsin', '0021_moves'),
    ]

    operations = [
        migrations.CreateModel(
            name='Backtest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.TextField()),
                ('draft', models.TextField()),
                ('against_title', models.TextField(blank=True, default='')),
                ('against', models.TextField(blank=True, default='')),
                ('since', models.DateTimeField(blank=True, null=True)),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('zone', models.TextField()),
                ('state', models.TextField(default='queued')),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('result', models.JSONField(blank=True, null=True)),
                ('flips', models.TextField(blank=True, default='')),
                ('why', models.TextField(blank=True, default='')),
                ('by', models.TextField()),
                ('asked_at', models.DateTimeField()),
                ('heard_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('client', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tocsin.client')),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['state'], name='backtest_state')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'running', 'done', 'cancelled', 'failed'])), name='backtest_has_a_state'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), ('result__isnull', False), _connector='OR'), name='backtest_has_a_result')],
            },
        ),
    ]
