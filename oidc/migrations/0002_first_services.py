"""The services that every parent finds on the launcher; city admins add others."""

from django.db import migrations

# Bills are paid here: the city's former site for fees is shown in the admin, for a city that still uses it.
SERVICES = [
    ("臺北市校園繳費系統", "查詢並繳納學雜費，列印繳費單", "https://epay.tp.edu.tw/", "繳", False),
    ("臺北酷課雲", "親師生學習整合平臺", "https://cooc.tp.edu.tw/", "學", True),
]


def add(apps, schema_editor):
    model = apps.get_model("oidc", "Service")
    for position, (name, line, url, mark, is_shown) in enumerate(SERVICES, start=1):
        model.objects.get_or_create(
            name=name,
            defaults={"line": line, "url": url, "mark": mark, "position": position, "is_shown": is_shown},
        )


class Migration(migrations.Migration):
    dependencies = [("oidc", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
