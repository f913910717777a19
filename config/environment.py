"""What the machine says: variables of the environment, or of a .env file beside the project."""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
env.read_env(BASE_DIR / ".env")

# What nobody may run in production, usable as they are everywhere else.
PUBLIC_SECRET_KEY = "public-secret-key-for-development-only"  # noqa: S105
PUBLIC_IDENTITY_KEY = "cHVibGljLWtleS1mb3ItZGV2ZWxvcG1lbnQtb25seS4="
PUBLIC_FINGERPRINT_KEY = "public-fingerprint-key-for-development-only"
PUBLIC_PAIRWISE_SALT = "public-pairwise-salt-for-development-only"

ENVIRONMENT = env("ENVIRONMENT", default="production")
if ENVIRONMENT not in {"development", "test", "production"}:
    raise ImproperlyConfigured(
        f"ENVIRONMENT is {ENVIRONMENT!r}; it is one of development, test and production (see .env.example)."
    )
PRODUCTION = ENVIRONMENT == "production"
DEBUG = env.bool("DEBUG", default=ENVIRONMENT == "development")


def required(name, *, otherwise):
    """Read `name`; outside production it may be absent, in production its absence names itself."""
    if not PRODUCTION:
        return env(name, default=otherwise)
    if not env(name, default=""):
        raise ImproperlyConfigured(f"{name} is not set. Production needs it: see .env.example.")
    return env(name)


def cookie(name):
    """Browsers take a `__Host-` cookie over TLS only, for this host and no other."""
    return f"__Host-{name}" if PRODUCTION else name
