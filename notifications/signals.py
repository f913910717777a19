"""What happens to mails that rooms above may want to act on."""

from django.dispatch import Signal

# Sent inside the transaction, with `message` and `by`: somebody had a mail sent again.
message_resent = Signal()

# Sent inside the transaction, with `message`: it came back, and says how (`bounced_as`, `server_code`).
message_bounced = Signal()

# Sent by the worker just before a mail goes out, with `message`: a room above may know that it is not for its recipient
# any longer. A receiver returns why (for the log: no personal data), or nothing.
objections_asked = Signal()

# Sent by the worker at each look, with `should_stop`: a room above delivers what waits in a queue of its own.
# A receiver returns how many it delivered.
worker_looked = Signal()

# Sent by the process that reminds families, every hour by day, with `should_stop`: a room above writes reminders of
# its own. A receiver returns how many mails it wrote.
reminders_looked = Signal()
