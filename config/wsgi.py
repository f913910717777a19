"""The web process: gunicorn serves `config.wsgi:application`, which is loaded once and shared by all workers."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

from config.preload import load_pages  # noqa: E402 – needs the applications to be there

load_pages()
