"""What happens to mails that rooms above may want to act on."""

from django.dispatch import Signal

# Sent inside the transaction, with `message` and `by`: somebody had a mail sent again.
message_resent = Signal()
