"""Which version of a standard is in force where: rows that the database refuses to change."""

import django.db.models.deletion
from django.db import migrations, models

from tocsin.log import guard


class Migration(migrations.Migration):

    dependencies = [
        ('tocsin', '0015_corrections'),
    ]

    operations = [
        migrations.CreateModel(
            name='Standing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('batch', models.PositiveBigIntegerField()),
                ('step', models.TextField()),
                ('over', models.TextField(default='')),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
                ('undoes', models.PositiveBigIntegerField(null=True)),
                ('by', models.TextField(default='')),
                ('why', models.TextField(default='')),
                ('client', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tocsin.client')),
                ('policy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='standings', to='tocsin.policy')),
                ('version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tocsin.policyversion')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('client__isnull', False)), fields=('policy', 'batch', 'client'), name='standing_once_a_client'), models.UniqueConstraint(condition=models.Q(('client__isnull', True)), fields=('policy', 'batch'), name='standing_once_for_all'), models.CheckConstraint(condition=models.Q(('step__in', ['pilot', 'rollout', 'rollback'])), name='standing_has_a_step'), models.CheckConstraint(condition=models.Q(('client__isnull', False), ('version__isnull', False), _connector='OR'), name='standing_has_a_version_for_all'), models.CheckConstraint(condition=models.Q(('undoes__isnull', True), ('step', 'rollback'), _connector='OR'), name='standing_undone_by_one')],
            },
        ),
        guard.operation("tocsin_standing"),
    ]
