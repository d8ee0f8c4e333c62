"""Rosters: the turns in which our people hold a role."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tocsin', '0013_stopped_line'),
    ]

    operations = [
        migrations.CreateModel(
            name='Roster',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('head_seq', models.PositiveBigIntegerField(default=0, editable=False)),
                ('head_hash', models.CharField(blank=True, default='', editable=False, max_length=64)),
                ('head_at', models.DateTimeField(editable=False, null=True)),
                ('sealed_seq', models.PositiveBigIntegerField(default=0, editable=False)),
                ('name', models.TextField()),
                ('role', models.TextField()),
                ('spec', models.JSONField()),
                ('hours', models.JSONField(blank=True, null=True)),
                ('swaps', models.JSONField(blank=True, default=list)),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('look_at', models.DateTimeField(db_index=True, editable=False, null=True)),
                ('client', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tocsin.client')),
                ('fallback', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tocsin.person')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tocsin.person')),
            ],
            options={
                'ordering': ['role', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='roster_has_a_name'), models.CheckConstraint(condition=models.Q(('role', ''), _negated=True), name='roster_names_a_role'), models.UniqueConstraint(condition=models.Q(('client', None), ('ended_at', None)), fields=('role',), name='roster_one_for_a_role'), models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('role', 'client'), name='roster_one_for_a_role_at_a_client')],
            },
        ),
    ]
