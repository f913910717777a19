"""What is known of the request in hand, for events written deep below it."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class RequestContext:
    ip_address: str | None = None
    request_id: str = ""


NOWHERE = RequestContext()
_current: ContextVar[RequestContext] = ContextVar("audit_context", default=NOWHERE)

current = _current.get
enter = _current.set
leave = _current.reset
