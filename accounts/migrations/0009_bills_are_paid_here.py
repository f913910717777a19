"""The launcher has bills of its own now; the city's former site for fees is shown again in the admin where it is used."""

from django.db import migrations


def hide(apps, schema_editor):
    services = apps.get_model("accounts", "Service").objects
    services.filter(name="臺北市校園繳費系統", url="https://epay.tp.edu.tw/").update(is_shown=False)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_clients_trusted_with_bills")]
    operations = [migrations.RunPython(hide, migrations.RunPython.noop)]
