"""The standards the desk has adopted, whose versions the database refuses to change."""

import django.db.models.deletion
from django.db import migrations, models

from tocsin.log import guard


class Migration(migrations.Migration):

    dependencies = [
        ('tocsin', '0002_directory'),
    ]

    operations = [
        migrations.CreateModel(
            name='Policy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('head_seq', models.PositiveBigIntegerField(default=0, editable=False)),
                ('head_hash', models.CharField(blank=True, default='', editable=False, max_length=64)),
                ('head_at', models.DateTimeField(editable=False, null=True)),
                ('sealed_seq', models.PositiveBigIntegerField(default=0, editable=False)),
                ('name', models.TextField(unique=True)),
            ],
            options={
                'verbose_name_plural': 'policies',
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='policy_has_a_name')],
            },
        ),
        migrations.CreateModel(
            name='PolicyVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('text', models.TextField()),
                ('sha256', models.CharField(max_length=64)),
                ('adopted_at', models.DateTimeField()),
                ('policy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='tocsin.policy')),
            ],
            options={
                'ordering': ['policy', 'number'],
                'constraints': [models.UniqueConstraint(fields=('policy', 'number'), name='policy_version_once'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='policy_version_from_one')],
            },
        ),
        guard.operation("tocsin_policyversion"),
    ]
