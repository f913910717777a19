"""`manage.py check --deploy --database default` refuses a production that could not sign a token."""

from django.conf import settings
from django.core import checks
from django.db import connections

from oidc.models import SigningKey


@checks.register(checks.Tags.database, deploy=True)
def there_is_a_signing_key(app_configs, databases=None, **kwargs):
    if not settings.PRODUCTION or not databases:
        return []
    has_table = SigningKey._meta.db_table in connections["default"].introspection.table_names()
    if has_table and SigningKey.objects.filter(state=SigningKey.State.CURRENT).exists():
        return []
    return [
        checks.Error(
            "There is no key to sign id_tokens with.",
            hint="Run manage.py migrate, then manage.py rotate_signing_key --first.",
            id="accounts.E001",
        )
    ]
