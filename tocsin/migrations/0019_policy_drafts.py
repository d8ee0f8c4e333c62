"""What somebody writes that may become a version of a standard."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tocsin', '0018_stages'),
    ]

    operations = [
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('sha256', models.CharField(max_length=64)),
                ('note', models.TextField(blank=True, default='')),
                ('preset', models.TextField(blank=True, default='')),
                ('state', models.TextField(default='open')),
                ('revision', models.PositiveIntegerField(default=1)),
                ('said', models.JSONField(default=list)),
                ('started_by', models.TextField()),
                ('started_at', models.DateTimeField()),
                ('by', models.TextField()),
                ('updated_at', models.DateTimeField()),
                ('base', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tocsin.policyversion')),
                ('policy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='tocsin.policy')),
                ('version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tocsin.policyversion')),
            ],
            options={
                'ordering': ['-updated_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['open', 'adopted', 'discarded'])), name='draft_has_a_state'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'adopted'), ('version__isnull', False)), models.Q(models.Q(('state', 'adopted'), _negated=True), ('version__isnull', True)), _connector='OR'), name='draft_became_a_version')],
            },
        ),
    ]
