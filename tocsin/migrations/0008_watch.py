"""The audit: what it found, and what engines cannot do."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tocsin', '0007_long_bodies'),
    ]

    operations = [
        migrations.CreateModel(
            name='Watch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField()),
                ('audited_at', models.DateTimeField(blank=True, null=True)),
                ('passed_at', models.DateTimeField(blank=True, null=True)),
                ('findings', models.JSONField(default=list)),
                ('alarmed', models.JSONField(default=dict)),
                ('faults', models.JSONField(default=dict)),
                ('refolded', models.BigIntegerField(default=0)),
                ('round_done_at', models.DateTimeField(blank=True, null=True)),
                ('heartbeat_at', models.DateTimeField(blank=True, null=True)),
                ('heartbeat_error', models.TextField(blank=True, default='')),
            ],
            options={
                'verbose_name_plural': 'watches',
            },
        ),
        migrations.AddField(
            model_name='beat',
            name='last_send_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='beat',
            name='trouble',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'dead')), fields=['not_before'], name='delivery_dead'),
        ),
    ]
