"""A child whose parent is bound."""

from tests.binding.factories import sent_application


def bound(student, registrar, **more):
    from binding.actions.starting import bind

    application = sent_application(student, **more)
    applicant = application.applicants.get()
    applicant.decide("approved", by=registrar)
    application.close_if_decided()
    return bind(applicant=applicant, by=registrar)
