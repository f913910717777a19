"""The privacy notice of the city's first roll-out, as the schools printed it."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from django.db import migrations

from core.append_only import append_only

FILE = Path(__file__).resolve().parents[1] / "texts" / "109-1.zh-hant.txt"


def publish(apps, schema_editor):
    body = FILE.read_text(encoding="utf-8")
    apps.get_model("consent", "ConsentText").objects.get_or_create(
        version="109-1",
        defaults={
            "body": body,
            "digest": hashlib.sha256(body.encode()).hexdigest(),
            "published_at": datetime(2020, 8, 31, 16, tzinfo=UTC),
        },
    )


class Migration(migrations.Migration):
    dependencies = [("consent", "0001_initial")]
    operations = [
        append_only("consent_consentdecision"),
        migrations.RunPython(publish, migrations.RunPython.noop),
    ]
