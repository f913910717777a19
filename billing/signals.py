"""What happens to bills that others act on. Each is sent inside the transaction, with `bills`: a list."""

from django.dispatch import Signal

# These bills are now owed.
bills_issued = Signal()

# These bills are now paid.
bills_paid = Signal()

# These bills were cancelled and are not owed any more.
bills_voided = Signal()

# These bills were taken for paid by mistake: they are owed again.
bills_reopened = Signal()
