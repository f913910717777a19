"""The services that every parent finds on the launcher; city admins add others."""

from django.db import migrations

SERVICES = [
    ("臺北市校園繳費系統", "查詢並繳納學雜費，列印繳費單", "https://epay.tp.edu.tw/", "繳"),
    ("臺北酷課雲", "親師生學習整合平臺", "https://cooc.tp.edu.tw/", "學"),
]


def add(apps, schema_editor):
    model = apps.get_model("accounts", "Service")
    for position, (name, line, url, mark) in enumerate(SERVICES, start=1):
        model.objects.get_or_create(
            name=name, defaults={"line": line, "url": url, "mark": mark, "position": position}
        )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
