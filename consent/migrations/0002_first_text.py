"""The privacy notice of the city's first roll-out, as the schools printed it, with translations for reading."""

import hashlib
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

from django.db import migrations

from core.append_only import append_only, frozen_once, frozen_with

VERSION = "109-1"
OFFICIAL = "zh-hant"
PARTS = ("what", "why", "who", "how_long", "rights", "otherwise")
FOLDER = Path(__file__).resolve().parents[1] / "texts"


def publish(apps, schema_editor):
    summaries = tomllib.loads((FOLDER / f"{VERSION}.summaries.toml").read_text(encoding="utf-8"))
    texts = apps.get_model("consent", "ConsentText").objects
    text = texts.create(version=VERSION, effective_on=date(2020, 9, 1), **wording(OFFICIAL, summaries.pop(OFFICIAL)))
    translations = apps.get_model("consent", "ConsentTranslation").objects
    for language, summary in summaries.items():
        translations.create(text=text, language=language, **wording(language, summary))
    texts.filter(pk=text.pk).update(published_at=datetime(2020, 8, 31, 16, tzinfo=UTC))


def wording(language, summary):
    body = (FOLDER / f"{VERSION}.{language}.txt").read_text(encoding="utf-8")
    lines = [summary[part] for part in PARTS]
    return {**summary, "body": body, "digest": hashlib.sha256("\n".join([*lines, body]).encode()).hexdigest()}


class Migration(migrations.Migration):
    dependencies = [("consent", "0001_initial")]
    operations = [
        append_only("consent_consentdecision"),
        frozen_once("consent_consenttext", "published_at"),
        frozen_with("consent_consenttranslation", "consent_consenttext", "text_id", "published_at"),
        migrations.RunPython(publish, migrations.RunPython.noop),
    ]
