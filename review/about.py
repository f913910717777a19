"""What the room tells on a student's page: applications, their review, the paper form, and what happened."""

from django.db.models import Prefetch

from binding.models import Applicant, Application
from binding.models.address import with_address_state
from review.models import PaperForm
from review.timeline import timeline_of

SHOWN = 5


def applications_of(student, _user):
    """The last applications, of the latest that was sent also what happened, and the paper form; seven queries at most."""
    applicants = Prefetch("applicants", with_address_state(Applicant.objects.order_by("position")))
    found = Application.objects.filter(student=student).select_related("escalation", "student").order_by("-pk")
    applications = list(found.prefetch_related(applicants)[:SHOWN])
    sent = next((one for one in applications if one.submitted_at), None)
    return {
        "applications": applications,
        "paper": PaperForm.objects.filter(student=student).select_related("marked_by").first(),
        "timeline": timeline_of(sent) if sent else [],
    }
