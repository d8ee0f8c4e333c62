"""The outbox: what must reach whom, and when to try."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tocsin', '0003_standard'),
    ]

    operations = [
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('client_id', models.BigIntegerField(null=True)),
                ('ticket_id', models.BigIntegerField(null=True)),
                ('key', models.TextField()),
                ('person', models.TextField()),
                ('channel', models.TextField()),
                ('address', models.TextField()),
                ('alternatives', models.JSONField(default=list)),
                ('subject', models.TextField(default='')),
                ('body', models.TextField()),
                ('state', models.TextField(default='queued')),
                ('not_before', models.DateTimeField()),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('lease_until', models.DateTimeField(null=True)),
                ('token', models.PositiveBigIntegerField(default=0)),
                ('due_at', models.DateTimeField()),
                ('handed_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('receipt', models.TextField(default='')),
                ('duplicate_possible', models.BooleanField(default=False)),
                ('error', models.TextField(default='')),
            ],
            options={
                'verbose_name_plural': 'deliveries',
                'indexes': [models.Index(condition=models.Q(('state__in', ('queued', 'sending'))), fields=['not_before'], name='delivery_waiting')],
                'constraints': [models.UniqueConstraint(fields=('ticket_id', 'key'), name='delivery_once_a_ticket'), models.UniqueConstraint(condition=models.Q(('ticket_id__isnull', True)), fields=('key',), name='delivery_once_without_a_ticket'), models.CheckConstraint(condition=models.Q(('key', ''), _negated=True), name='delivery_has_a_key'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at__isnull', False), _connector='OR'), name='delivery_sent_knows_when')],
            },
        ),
    ]
