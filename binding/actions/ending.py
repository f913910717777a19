"""解除綁定, by the person bound or by the registrar; by order of a court see `binding.actions.court`."""

from django.db import transaction

from binding.actions.binding import end_binding
from binding.models import Binding
from binding.permissions import NotYours, check_registrar


@transaction.atomic
def end_own(*, binding, by):
    """The person bound lets go of the child; another parent's binding stays as it is."""
    if binding.account.user_id != by.pk:
        raise NotYours
    return end_binding(binding=binding, reason=Binding.EndReason.PARENT, by=by)


@transaction.atomic
def end_by_registrar(*, binding, reason, note, by):
    """`reason` is one of `Binding.REGISTRARS_REASONS`; the person reads it, and `note`, in the mail."""
    if reason not in Binding.REGISTRARS_REASONS:
        raise ValueError(f"a registrar does not end a binding for {reason}")
    check_registrar(by, binding.student)
    return end_binding(binding=binding, reason=reason, by=by, note=note)
