"""The directory: clients and what was agreed with them, their people and ours."""

import django.db.models.deletion
from django.db import migrations, models

import tocsin.directory.reach


class Migration(migrations.Migration):

    dependencies = [
        ('tocsin', '0001_log'),
    ]

    operations = [
        migrations.CreateModel(
            name='Client',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('head_seq', models.PositiveBigIntegerField(default=0, editable=False)),
                ('head_hash', models.CharField(blank=True, default='', editable=False, max_length=64)),
                ('head_at', models.DateTimeField(editable=False, null=True)),
                ('sealed_seq', models.PositiveBigIntegerField(default=0, editable=False)),
                ('name', models.TextField(unique=True)),
                ('slug', models.SlugField(unique=True)),
                ('zone', models.TextField(default='UTC')),
                ('ended_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='client_has_a_name'), models.CheckConstraint(condition=models.Q(('slug', ''), _negated=True), name='client_has_a_slug')],
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('email', models.EmailField(blank=True, default='', max_length=254)),
                ('phone', models.TextField(blank=True, default='')),
                ('ways', models.JSONField(blank=True, default=list, validators=[tocsin.directory.reach.are_ways])),
                ('role', models.TextField(blank=True, default='')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='tocsin.client')),
            ],
            options={
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('email', models.EmailField(blank=True, default='', max_length=254)),
                ('phone', models.TextField(blank=True, default='')),
                ('ways', models.JSONField(blank=True, default=list, validators=[tocsin.directory.reach.are_ways])),
                ('level', models.TextField(blank=True, default='')),
                ('active', models.BooleanField(default=True)),
                ('access', models.TextField(default='every-client')),
                ('clients', models.ManyToManyField(blank=True, related_name='+', to='tocsin.client')),
            ],
            options={
                'verbose_name_plural': 'people',
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Contract',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('policy', models.TextField(default='field-guide')),
                ('hours', models.JSONField()),
                ('overrides', models.JSONField(blank=True, default=dict)),
                ('starts_on', models.DateField()),
                ('emergency_phone', models.TextField(blank=True, default='')),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('revised_at', models.DateTimeField(editable=False, null=True)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contracts', to='tocsin.client')),
            ],
            options={
                'ordering': ['client', '-starts_on'],
                'constraints': [models.UniqueConstraint(fields=('client', 'starts_on'), name='contract_one_from_a_day'), models.CheckConstraint(condition=models.Q(('revision__gte', 1)), name='contract_revision_from_one'), models.CheckConstraint(condition=models.Q(('policy', ''), _negated=True), name='contract_names_a_policy')],
            },
        ),
        migrations.CreateModel(
            name='Holding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.TextField()),
                ('rank', models.PositiveSmallIntegerField(default=0)),
                ('client', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tocsin.client')),
                ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='holdings', to='tocsin.contact')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='holdings', to='tocsin.person')),
            ],
            options={
                'ordering': ['role', 'rank', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('role', ''), _negated=True), name='holding_names_a_role'), models.CheckConstraint(condition=models.Q(models.Q(('contact__isnull', True), ('person__isnull', False)), models.Q(('client__isnull', False), ('contact__isnull', False), ('person__isnull', True)), _connector='OR'), name='holding_is_of_one_person_or_contact')],
            },
        ),
        migrations.CreateModel(
            name='Service',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('slug', models.SlugField()),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='services', to='tocsin.client')),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('client', 'slug'), name='service_once_at_client'), models.CheckConstraint(condition=models.Q(('slug', ''), _negated=True), name='service_has_a_slug')],
            },
        ),
    ]
