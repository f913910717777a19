"""Which mails carry a link or a code that opens an account: the one list of them.

Their words are kept encrypted while they wait and emptied as soon as they wait no longer; they are never shown and
never sent again as they were.
"""

import re

SENSITIVE = frozenset(
    {
        "account-left",
        "account-opened",
        "address-verify",
        "delegation-started",
        "own-address-changed",
        "own-address-verify",
        "password-reset",
        "sign-in-code",
        "staff-invited",
        "staff-password-link",
        "withdrawal-asked",
    }
)
# How each one-time link of ours ends, whatever page it leads to.
ONE_TIME_LINK = re.compile(r"[?&]token=")


def check_is_marked(kind, parts):
    """Raise ValueError where a mail with a one-time link is of a kind that SENSITIVE does not name."""
    if kind not in SENSITIVE and any(ONE_TIME_LINK.search(part) for part in parts):
        raise ValueError(f"{kind} carries a one-time link, so notifications.sensitive has to name it")
