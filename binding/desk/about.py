"""What the room tells on a student's page: who is or was bound, and what a court, a mandate or the family said."""

from django.db.models import Exists, OuterRef

from binding.models import Binding, CorrectionRequest, CourtOrder

SHOWN = 20


def people_of(student, _user):
    """People bound, the present ones first, and what waits; two queries."""
    orders = CourtOrder.objects.standing().filter(student=OuterRef("student"), account=OuterRef("account"))
    bindings = Binding.objects.filter(student=student).select_related("account__user", "applicant")
    bindings = bindings.annotate(has_order=Exists(orders)).order_by("state", "-pk")[:SHOWN]
    return {"bindings": bindings, "correction": CorrectionRequest.objects.open().filter(student=student).first()}
