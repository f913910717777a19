"""What happens at the doors that rooms above may want to act on."""

from django.dispatch import Signal

# Sent inside the transaction, with `user`: a family's portal password was changed.
portal_password_changed = Signal()

# Sent inside the transaction, with `user`: the helpdesk gave a family's account its initial password again.
portal_password_reset = Signal()

# Asked with `student`. A receiver returns the addresses that a reset of the family's password is mailed to.
reset_audience_asked = Signal()

# Asked with `school` and `email`. A receiver returns the keys of the school's students whose parent has it.
children_asked = Signal()
