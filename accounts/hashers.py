from django.contrib.auth.hashers import Argon2PasswordHasher


class LoginHasher(Argon2PasswordHasher):
    """Argon2id at OWASP's minimum (19 MiB, 2 passes, 1 lane): the cost the log-in capacity is planned by."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
