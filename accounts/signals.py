"""What happens at the doors that rooms above may want to act on."""

from django.dispatch import Signal

# Sent inside the transaction, with `user`: a family's portal password was changed.
portal_password_changed = Signal()

# Sent inside the transaction, with `user`: the helpdesk gave a family's account its initial password again.
portal_password_reset = Signal()
