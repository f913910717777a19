import unicodedata

from django.contrib.auth.hashers import Argon2PasswordHasher


class FormerLoginHasher(Argon2PasswordHasher):
    """Argon2id at OWASP's minimum (19 MiB, 2 passes, 1 lane): the cost the log-in capacity is planned by."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1


class LoginHasher(FormerLoginHasher):
    """The same over the NFKC form: keyboards write one character in several ways (ａ and a, が and か゛).

    The name of the algorithm stands in the hash, so that each hash is verified the way it was made.
    """

    algorithm = "argon2nfkc"

    def encode(self, password, salt):
        return super().encode(normalize(password), salt)

    def verify(self, password, encoded):
        return super().verify(normalize(password), encoded)


def normalize(password):
    return unicodedata.normalize("NFKC", password)
