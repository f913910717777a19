from django.dispatch import Signal

# Sent inside the transaction, with `batch`, `event` (its name in the event log), and `by` or `data` where there are any.
batch_changed = Signal()
