"""The settings of the project as the tests run them, so that a bare `pytest` works."""

import os

os.environ.setdefault("ENVIRONMENT", "test")

from config.settings import *  # noqa: E402, F403
