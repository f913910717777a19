"""What happens to applications that rooms above have to act on. Sent inside the transaction."""

from django.dispatch import Signal

# `application` was sent, or sent again after it had been handed back: it waits for a reviewer.
application_sent = Signal()
