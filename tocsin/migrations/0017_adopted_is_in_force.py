"""Every version that was ever adopted was in force for everybody from its adoption on."""

from django.db import migrations


def stand(apps, schema_editor):
    event, version, standing = (apps.get_model("tocsin", name) for name in ("Event", "PolicyVersion", "Standing"))
    told = event.objects.filter(kind="policy_adopted").values_list("stream", "key", "seq", "actor")
    adopted = {(stream, key): (seq, actor) for stream, key, seq, actor in told}
    for row in version.objects.order_by("policy", "number").defer("text"):
        batch, by = adopted.get((f"policy/{row.policy_id}", f"adopt/{row.number}"), (0, ""))
        standing.objects.create(
            policy_id=row.policy_id,
            batch=batch,
            step="rollout",
            version_id=row.pk,
            since=row.adopted_at,
            by=by,
        )


class Migration(migrations.Migration):

    dependencies = [
        ('tocsin', '0016_standing'),
    ]

    operations = [
        migrations.RunPython(stand, migrations.RunPython.noop, elidable=False),
    ]
