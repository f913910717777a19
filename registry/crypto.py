"""The ciphers of the ground, under the name that the rooms know them by."""

from core.crypto import Undecryptable, decrypt, decrypt_bytes, encrypt, encrypt_bytes, fingerprint

__all__ = ["Undecryptable", "decrypt", "decrypt_bytes", "encrypt", "encrypt_bytes", "fingerprint"]
