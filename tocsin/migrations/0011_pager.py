"""The pager page: whose listens, and what it has fetched."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tocsin', '0010_agenda'),
    ]

    operations = [
        migrations.CreateModel(
            name='Pager',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='tocsin.person')),
                ('armed_at', models.DateTimeField(blank=True, null=True)),
                ('polled_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fetched_at', models.DateTimeField()),
                ('put_away_at', models.DateTimeField(blank=True, null=True)),
                ('delivery', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tocsin.delivery')),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tocsin.person')),
            ],
            options={
                'indexes': [models.Index(fields=['person', 'fetched_at'], name='call_of_person')],
                'constraints': [models.CheckConstraint(condition=models.Q(('put_away_at__isnull', True), ('put_away_at__gte', models.F('fetched_at')), _connector='OR'), name='call_put_away_after_it_came')],
            },
        ),
    ]
