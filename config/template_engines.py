"""Two languages of templates: Jinja2 for all that is ours, Django's own for its admin site (ADR 28)."""

from pathlib import Path

import django.forms

from config.environment import BASE_DIR

CONTEXT_PROCESSORS = [
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]
TEMPLATES = [
    # Our pages and mails, and the fields of their forms (config/pages.py)
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates", Path(django.forms.__file__).parent / "jinja2"],
        "OPTIONS": {
            "environment": "config.pages.environment",
            "context_processors": [
                *CONTEXT_PROCESSORS,
                "config.context_processors.one_csrf_input",
                "registry.context_processors.school",
                "registry.context_processors.the_way_back",
            ],
        },
    },
    # The admin site's
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request", *CONTEXT_PROCESSORS],
            "builtins": ["django.templatetags.i18n", "config.admin_values"],
        },
    },
]
