"""What happens to applications that rooms above have to act on. Sent inside the transaction."""

from django.dispatch import Signal

# `application` was sent, or sent again after it had been handed back: it waits for a reviewer.
application_sent = Signal()
# A parent looks at the launcher: who knows of something due answers with what the page is to say of it.
launcher_shown = Signal()
