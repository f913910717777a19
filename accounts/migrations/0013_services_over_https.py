from django.db import migrations, models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Substr

import accounts.models.sso


def over_https(apps, schema_editor):
    """What a city's admin had typed as http:// goes on under https://."""
    services = apps.get_model("accounts", "Service").objects
    services.filter(url__startswith="http://").update(url=Concat(Value("https://"), Substr(F("url"), len("http://") + 1)))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0012_captcha_of_a_browser")]

    operations = [
        migrations.RunPython(over_https, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="service",
            name="url",
            field=models.URLField(validators=[accounts.models.sso.check_is_https], verbose_name="網址"),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=Q(url__startswith="https://"),
                name="service_over_https",
                violation_error_message="網址必須以 https:// 開頭。",
            ),
        ),
    ]
