"""Whom a mail about a child's family account goes to."""

from binding.models import Applicant, Application, Binding


def of_family(student):
    """[Reader]: who is bound; where nobody is, who applied and waits for an answer."""
    return readers_of(student) or waiting_with(student)


def readers_of(student):
    """[Reader]: each parent bound to `student`."""
    return Binding.objects.active().filter(student=student).readers()


def waiting_with(student):
    """[Reader]: undecided applicants. Who was refused or cut off from this child hears nothing."""
    cut_off = Binding.objects.cut_off().filter(student=student)
    applicants = Applicant.objects.filter(
        application__student=student,
        application__status=Application.Status.SUBMITTED,
        review__in=[Applicant.Review.PENDING, Applicant.Review.RETURNED],
    ).exclude(email="")
    applicants = applicants.exclude(identity_fingerprint__in=cut_off.values("account__identity_fingerprint"))
    return [one.reader for one in applicants.select_related("application")]
