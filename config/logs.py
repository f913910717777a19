"""What is logged, and what never is: an ID number, a code, a token, what an exception says."""

from config.environment import env

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "audit.redaction.HidingFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "filters": {
        "shortly": {"()": "audit.redaction.ShortForeignHost"},
        "once": {"()": "audit.redaction.ForeignHostOnce"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.server": {"handlers": ["console"], "propagate": False},
        # Writes what an exception says beside it; who sends a signal robustly logs the failure itself.
        "django.dispatch": {"level": "CRITICAL"},
        "django.security.DisallowedHost": {"filters": ["shortly"]},
        "django.request": {"filters": ["once"]},
        # At DEBUG both write codes and tokens: never, whatever LOG_LEVEL says.
        "oauthlib": {"level": "WARNING"},
        "oauth2_provider": {"level": "WARNING"},
    },
}
