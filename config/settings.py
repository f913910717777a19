"""Settings by environment. Every variable is described in docs/settings.md and .env.example."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import languages
from config.environment import (
    BASE_DIR,
    DEBUG,
    ENVIRONMENT,
    PRODUCTION,
    PUBLIC_FINGERPRINT_KEY,
    PUBLIC_IDENTITY_KEY,
    PUBLIC_PAIRWISE_SALT,
    PUBLIC_SECRET_KEY,
    VAR_DIR,
    cookie,
    env,
    required,
)
from config.figures import *  # noqa: F403
from config.figures import PAYMENT_SANDBOX
from config.logs import LOGGING  # noqa: F401
from config.template_engines import TEMPLATES  # noqa: F401

SECRET_KEY = required("SECRET_KEY", otherwise=PUBLIC_SECRET_KEY)
ALLOWED_HOSTS = required("ALLOWED_HOSTS", otherwise="localhost,127.0.0.1,[::1],testserver").split(",")
SITE_URL = required("SITE_URL", otherwise="http://localhost:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL.startswith("https://") else []

# Applications, from the top of the house to the cellar
INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "config.apps.CityAdminConfig",
    "review",
    "review.reminders",
    "billing",
    "binding",
    "consent",
    "oidc",
    "staff",
    "accounts",
    "registry",
    "notifications",
    "audit",
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_tasks",
    "django_tasks_db",
    "django_otp",
    "oauth2_provider",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.policy.PolicyMiddleware",
    "oidc.csp_form_action.FormActionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.middleware.PersonMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "accounts.middleware.LoginFlowMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.DeviceCookieMiddleware",
    "accounts.middleware.PauseMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "audit.middleware.AuditContextMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

FORM_RENDERER = "config.forms.PaperFormRenderer"

# Database: SQLite by default, PostgreSQL in production
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # Take the write lock at BEGIN: two writers wait for each other instead of failing half-way.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_CONNECTION_SECONDS", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People and passwords
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.AccountBackend"]
PASSWORD_HASHERS = ["accounts.hashers.LoginHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.validators.LengthByKindValidator"},
    {"NAME": "accounts.validators.OwnDataValidator"},
    {"NAME": "accounts.validators.CommonPartsValidator"},
    {"NAME": "accounts.validators.FormerPasswordsValidator"},
]
TITLE = _("臺北市校園單一身分驗證服務")
OTP_TOTP_ISSUER = "臺北市親子綁定"

# National IDs: the first key encrypts, all of them decrypt (rotation: put a new one in front)
IDENTITY_KEYS = required("IDENTITY_KEYS", otherwise=PUBLIC_IDENTITY_KEY).split(",")
IDENTITY_FINGERPRINT_KEY = required("IDENTITY_FINGERPRINT_KEY", otherwise=PUBLIC_FINGERPRINT_KEY)

# Single sign-on: the OpenID Connect provider (oidc)
PAIRWISE_SALT = required("PAIRWISE_SALT", otherwise=PUBLIC_PAIRWISE_SALT)
CLIENT_SECRET_OVERLAP_DAYS = env.int("CLIENT_SECRET_OVERLAP_DAYS", default=7)
ALLOW_LOCAL_CLIENTS = not PRODUCTION  # http://localhost, for who develops a client
LOGOUT_NOTICE_HOURS = 12
LOGOUT_NOTICE_SECONDS = 5
SIGN_ON_HOURS = 12  # how long a refresh token works at most, counted from the log-in's first visit to a client
OAUTH2_PROVIDER_APPLICATION_MODEL = "oidc.Client"
OAUTH2_PROVIDER_GRANT_MODEL = "oidc.Grant"
OAUTH2_PROVIDER = {
    "OIDC_ENABLED": True,
    "OIDC_ISS_ENDPOINT": SITE_URL,
    "OAUTH2_SERVER_CLASS": "oidc.server.Server",
    "OAUTH2_VALIDATOR_CLASS": "oidc.validator.Validator",
    "SCOPES_BACKEND_CLASS": "oidc.scopes.ClientScopes",
    "SCOPES": {"openid": "", "profile": "", "email": "", "children": ""},
    "DEFAULT_SCOPES": [],
    "AUTHORIZATION_CODE_EXPIRE_SECONDS": 60,
    "ACCESS_TOKEN_EXPIRE_SECONDS": 15 * 60,
    "ID_TOKEN_EXPIRE_SECONDS": 15 * 60,
    "REFRESH_TOKEN_EXPIRE_SECONDS": SIGN_ON_HOURS * 60 * 60,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ROTATE_REFRESH_TOKEN": True,
    "PKCE_REQUIRED": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https", "http"] if ALLOW_LOCAL_CLIENTS else ["https"],
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_SCHEME": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_MATCHING": True,
    "COMPLIANT_BCP_RFC9700_PKCE_REQUIRED": True,
    "APPLICATION_ADMIN_CLASS": "oidc.admin.ClientAdmin",
    "ACCESS_TOKEN_ADMIN_CLASS": "oidc.admin.NotShown",
    "REFRESH_TOKEN_ADMIN_CLASS": "oidc.admin.NotShown",
    "ID_TOKEN_ADMIN_CLASS": "oidc.admin.NotShown",
    "GRANT_ADMIN_CLASS": "oidc.admin.NotShown",
}

# How old the figures of the city's census may be
CITY_COUNT_MINUTES = env.int("CITY_COUNT_MINUTES", default=5)

# Sessions and cookies
SESSION_ENGINE = "accounts.models.sessions"
SESSION_COOKIE_NAME = cookie("session")
SESSION_COOKIE_AGE = 12 * 60 * 60  # after the log-in, however busy
STAFF_IDLE_MINUTES = env.int("STAFF_IDLE_MINUTES", default=15)
IDLE_MINUTES = env.int("IDLE_MINUTES", default=60)  # families and parents
KNOWN_DEVICE_COOKIE_NAME = cookie("known-device")
TRUSTED_DEVICE_COOKIE_NAME = cookie("second-factor")
SCHOOL_COOKIE_NAME = cookie("school")
SCHOOL_COOKIE_DAYS = 365
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = cookie("csrf")
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.views.csrf_failure"
LANGUAGE_COOKIE_NAME = cookie("language")
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_HTTPONLY = True

# Transport and headers
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=PRODUCTION)
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # preloading HSTS binds the whole domain: the city decides
SECURE_REFERRER_POLICY = "same-origin"
if env.bool("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# Languages and time
LANGUAGE_CODE = languages.CHINESE
LANGUAGES = languages.OFFERED
STAFF_LANGUAGES = languages.OF_STAFF
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
TIME_ZONE = "Asia/Taipei"
USE_TZ = True

# Files
STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.stylesheets.Finder",
]
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(VAR_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "config.uploads.BoundedUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 10

# What takes longer than a page may: `manage.py db_worker` does it
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Mail goes through the outbox and its worker (notifications)
EMAIL_CONFIG = env.email("EMAIL_URL", default="smtp://localhost:25")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="臺北市親子綁定 <no-reply@localhost>")
# Mails that come back (notifications.bounces); without a domain, none are read
BOUNCE_DOMAIN = env("BOUNCE_DOMAIN", default="").lower()
BOUNCE_MAILBOX = env("BOUNCE_MAILBOX", default="b").lower()
BOUNCE_IMAP_URL = env("BOUNCE_IMAP_URL", default="")
OUTBOX_LEASE_SECONDS = 120
OUTBOX_RETRY_HOURS = 72
MAILBOX_DIR: Path | None = None
if ENVIRONMENT == "development":
    MAILBOX_DIR = VAR_DIR / "mail"
    EMAIL_BACKEND = "notifications.mailbox.MailboxBackend"

# Reports of errors hide whatever a form or a cookie carried: it may be a national ID.
DEFAULT_EXCEPTION_REPORTER = "audit.redaction.HidingReporter"
DEFAULT_EXCEPTION_REPORTER_FILTER = "audit.redaction.HideEverythingFilter"

if ENVIRONMENT == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", "accounts.hashers.LoginHasher"]
    MEDIA_ROOT = VAR_DIR / "test-media"


def refuse_unsafe_production():
    """Stop at start, naming what is unsafe, rather than serve children's data behind a public key."""
    unsafe = []
    if DEBUG:
        unsafe.append("DEBUG must be off")
    if SECRET_KEY == PUBLIC_SECRET_KEY or len(SECRET_KEY) < 40:
        unsafe.append("SECRET_KEY must be your own and at least 40 characters")
    if PUBLIC_IDENTITY_KEY in IDENTITY_KEYS:
        unsafe.append("IDENTITY_KEYS must not hold the public development key")
    if IDENTITY_FINGERPRINT_KEY == PUBLIC_FINGERPRINT_KEY or len(IDENTITY_FINGERPRINT_KEY) < 32:
        unsafe.append("IDENTITY_FINGERPRINT_KEY must be your own and at least 32 characters")
    if PAIRWISE_SALT == PUBLIC_PAIRWISE_SALT or len(PAIRWISE_SALT) < 32:
        unsafe.append("PAIRWISE_SALT must be your own and at least 32 characters")
    if "*" in ALLOWED_HOSTS:
        unsafe.append("ALLOWED_HOSTS must name the hosts")
    if not SITE_URL.startswith("https://"):
        unsafe.append("SITE_URL must start with https://")
    if PAYMENT_SANDBOX:
        unsafe.append("PAYMENT_SANDBOX must be off: its payments are no money")
    if unsafe:
        raise ImproperlyConfigured("Refusing to start: " + "; ".join(unsafe) + ". See docs/settings.md.")


if PRODUCTION:
    refuse_unsafe_production()
