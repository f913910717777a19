"""Classes that are there already get their sort key."""

from django.db import migrations

from registry.class_names import sort_key


def sort_classes(apps, schema_editor):
    classes = apps.get_model("registry", "SchoolClass")
    batch = list(classes.objects.only("pk", "name"))
    for one in batch:
        one.sort_key = sort_key(one.name)
    classes.objects.bulk_update(batch, ["sort_key"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("registry", "0010_classes_teachers_numbers")]

    operations = [migrations.RunPython(sort_classes, migrations.RunPython.noop)]
