"""Production starts on safe values only, and says what is unsafe."""

import os
import secrets
import subprocess
import sys

import pytest
from cryptography.fernet import Fernet
from django.conf import settings

SAFE = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": secrets.token_urlsafe(48),
    "IDENTITY_KEYS": Fernet.generate_key().decode(),
    "IDENTITY_FINGERPRINT_KEY": "f" * 40,
    "PAIRWISE_SALT": "p" * 40,
    "ALLOWED_HOSTS": "binding.example.tw",
    "SITE_URL": "https://binding.example.tw",
    "DATABASE_URL": "sqlite://:memory:",
    "DEFAULT_FROM_EMAIL": "no-reply@example.tw",
}

OWN_ECPAY = {"ECPAY_MERCHANT_ID": "7", "ECPAY_HASH_KEY": "own", "ECPAY_HASH_IV": "own"}


def check(**changes):
    environment = {name: value for name, value in (SAFE | changes).items() if value is not None}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    path = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings"}
    return subprocess.run(command, cwd=settings.BASE_DIR, env=environment | path, capture_output=True, text=True)


def test_safe_values_start_and_pass_djangos_own_check():
    result = check()

    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "public-secret-key-for-development-only"}, "SECRET_KEY must be your own"),
        ({"IDENTITY_KEYS": settings.PUBLIC_IDENTITY_KEY}, "IDENTITY_KEYS must not hold the public"),
        ({"IDENTITY_FINGERPRINT_KEY": None}, "IDENTITY_FINGERPRINT_KEY is not set"),
        ({"IDENTITY_FINGERPRINT_KEY": "short"}, "IDENTITY_FINGERPRINT_KEY must be your own"),
        ({"PAIRWISE_SALT": None}, "PAIRWISE_SALT is not set"),
        ({"PAIRWISE_SALT": settings.PUBLIC_PAIRWISE_SALT}, "PAIRWISE_SALT must be your own"),
        ({"PAIRWISE_SALT": "short"}, "PAIRWISE_SALT must be your own"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name the hosts"),
        ({"SITE_URL": "http://binding.example.tw"}, "SITE_URL must start with https"),
        ({"DEFAULT_FROM_EMAIL": None}, "DEFAULT_FROM_EMAIL must be an address of your own"),
        ({"DEBUG": "1"}, "DEBUG must be off"),
        ({"PAYMENT_SANDBOX": "1"}, "PAYMENT_SANDBOX must be off"),
        ({"ECPAY_MERCHANT_ID": "3002607"}, "ECPay is set up by halves"),
        ({**OWN_ECPAY, "ECPAY_HASH_KEY": "pwFHCqoQZGmho4w6"}, "public test merchant"),
        ({**OWN_ECPAY, "ECPAY_STAGE": "1"}, "public test merchant"),
        ({"ENVIRONMENT": "staging"}, "ENVIRONMENT is 'staging'"),
    ],
)
def test_unsafe_values_name_themselves(changes, words):
    result = check(**changes)

    assert result.returncode != 0
    assert words in result.stderr
