"""A pause after too many tries, said to people by the page and to machines by its status."""

from contextvars import ContextVar


class Paused(Exception):
    """No attempt is taken for `seconds`. `is_network`: because of the client's network, not the account.

    Whatever page the request is answered with then goes out as 429 (`accounts.middleware.PauseMiddleware`).
    """

    def __init__(self, seconds, *, is_network=False):
        super().__init__()
        self.seconds = max(1, int(seconds))
        self.is_network = is_network
        _met.set(self)

    @property
    def minutes(self):
        """For people: whole minutes, one at least."""
        return -(-self.seconds // 60)


_met: ContextVar[Paused | None] = ContextVar("pause", default=None)


def begin():
    """No pause was met in this request yet."""
    _met.set(None)


def met():
    """The last pause that this request ran into, or None."""
    return _met.get()
