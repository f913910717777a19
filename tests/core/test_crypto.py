import pytest
from cryptography.fernet import Fernet

from core import crypto


def test_round_trip():
    token = crypto.encrypt("A123456789")

    assert "A123456789" not in token
    assert crypto.decrypt(token) == "A123456789"
    assert crypto.encrypt("A123456789") != token


def test_a_new_key_in_front_opens_what_the_old_one_closed(settings):
    token = crypto.encrypt("A123456789")

    settings.IDENTITY_KEYS = [Fernet.generate_key().decode(), *settings.IDENTITY_KEYS]

    assert crypto.decrypt(token) == "A123456789"


def test_a_missing_key_says_so_and_nothing_else(settings):
    token = crypto.encrypt("A123456789")
    settings.IDENTITY_KEYS = [Fernet.generate_key().decode()]

    with pytest.raises(crypto.Undecryptable, match="IDENTITY_KEYS"):
        crypto.decrypt(token)


def test_fingerprints_are_keyed(settings):
    before = crypto.fingerprint("A123456789")

    assert before == crypto.fingerprint("A123456789")
    settings.IDENTITY_FINGERPRINT_KEY = "another key"
    assert crypto.fingerprint("A123456789") != before
