"""What court orders, restrictions of custody and mandates share: the paper to look at, and the way to lift a record."""

from django.db import transaction

from audit import log
from binding.desk.forms import LiftForm
from binding.own_family import NotYours
from core.downloads import inert
from core.states import InvalidMove


def open_paper(paper, *, event, by, name, about=None):
    """The file of `paper` (see `HasDocument`) as a response. The look is recorded as `event`, of `about` or the paper itself."""
    with transaction.atomic():
        log.record(event, by=by, target=about or paper)
    return inert(paper.read(), paper.content_type, f"{name}-{paper.pk}")


def lift(request, action, *, already):
    """(form, whether it was lifted): `action(reason=…, by=…)` is carried out when the form comes back with a reason.

    Why it was not, the form says; `already` where the record is lifted or over.
    """
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            action(reason=form.cleaned_data["reason"], by=request.user)
            return form, True
        except InvalidMove:
            form.add_error(None, already)
        except NotYours as refusal:
            form.add_error(None, str(refusal))
    return form, False
