"""Which tables a school's rows lie in. Whatever is not named here is copied with the school."""

from django.apps import apps
from django.db import models

# One for the whole city.
SHARED = {
    "auth.Group",
    "auth.Group_permissions",
    "auth.Permission",
    "accounts.User_groups",
    "accounts.User_user_permissions",
    "billing.Webhook",
    "consent.ConsentText",
    "consent.ConsentTranslation",
    "contenttypes.ContentType",
    "oidc.Client",
    "oidc.ClientLogo",
    "oidc.Service",
    "oidc.SigningKey",
}
# Of a moment, or between machines: a city that nobody has used yet has none, and what a pattern has is left behind.
PASSING = {
    "accounts.BrowserSession",
    "accounts.Captcha",
    "accounts.LoginThrottle",
    "accounts.TrustedDevice",
    "admin.LogEntry",
    "billing.SandboxCallback",
    "billing.WebhookDelivery",
    "django_tasks_database.DBTaskResult",
    "notifications.GoneAddress",
    "oauth2_provider.AccessToken",
    "oauth2_provider.DeviceGrant",
    "oauth2_provider.IDToken",
    "oauth2_provider.RefreshToken",
    "oidc.Grant",
    "oidc.LogoutNotice",
    "review.CityCount",
    "sessions.Session",
}


def all_models():
    return [one for one in apps.get_models(include_auto_created=True) if one._meta.managed and not one._meta.proxy]


def models_of(labels):
    return [one for one in all_models() if one._meta.label in labels]


def copied_models():
    return [one for one in all_models() if one._meta.label not in SHARED | PASSING]


def has_number(model):
    """Whether its key is a number that can be moved."""
    return isinstance(model._meta.pk, models.AutoField)


def _names_in(expressions):
    """Names of the fields that expressions are made of."""
    for one in expressions:
        for part in [one] if isinstance(one, models.F) else one.flatten():
            if isinstance(part, models.F):
                yield part.name


def uniques_of(model):
    """Names of fields that are unique together, a tuple for each rule of the database."""
    meta = model._meta
    yield from ((field.attname,) for field in meta.concrete_fields if field.unique)
    together = [*meta.unique_together]
    rules = [one for one in meta.constraints if isinstance(one, models.UniqueConstraint)]
    together += [one.fields or tuple(_names_in(one.expressions)) for one in rules]
    for names in together:
        yield tuple(meta.get_field(name).attname for name in names)
