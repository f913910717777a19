"""Who may be told that a family has something left to do, and at which address.

While somebody applies, only who applies hears of it: parents in conflict learn nothing of each other's application.
Of a returned one only those hear to whom it was returned. Else who is bound to the child, else the guardians on
record. Who was rejected, or whose binding a court or the school ended or a court's date is past, hears nothing,
whatever the address, unless this person is bound to the child today. Who opted out hears nothing either.
"""

from dataclasses import dataclass, field

from django.conf import settings

from binding.models import Applicant, Binding
from core import crypto, emails
from notifications.mails import Reader
from registry.models import Guardian
from review.reminders.models import ReminderOptOut


@dataclass(frozen=True)
class Address(Reader):
    """A reader of reminders, who can stop them."""

    @property
    def fingerprint(self):
        return fingerprint_of(self.email)


def fingerprint_of(email):
    """Equal for one mailbox however it is typed; tells nothing of the address."""
    return crypto.fingerprint(f"mailto:{emails.normalize(email)}")


@dataclass
class Known:
    """What is known of the people around one student: (e-mail, fingerprint of the ID number[, language])."""

    guardians: list = field(default_factory=list)
    bound: list = field(default_factory=list)
    cut_off: list = field(default_factory=list)
    opted_out: set = field(default_factory=set)


def addresses_of_each(progresses):
    """{student's key: [Address]}, in four queries."""
    known = _know([one.student.pk for one in progresses])
    return {one.student.pk: _choose(one, known.get(one.student.pk, Known())) for one in progresses}


def _know(keys):
    known: dict[int, Known] = {}

    def about(key):
        return known.setdefault(key, Known())

    guardians = Guardian.objects.filter(student__in=keys).exclude(email="").order_by("position")
    for key, email, number in guardians.values_list("student", "email", "identity_fingerprint"):
        about(key).guardians.append((email, number, settings.LANGUAGE_CODE))
    bindings = Binding.objects.filter(student__in=keys).with_language()
    for one in bindings.order_by("pk"):
        person = (one.account.user.email, one.account.identity_fingerprint, one.language)
        if one.is_active:
            about(one.student_id).bound.append(person)
        elif one.is_cut_off:
            about(one.student_id).cut_off.append(person)
    rejected = Applicant.objects.filter(application__student__in=keys, review=Applicant.Review.REJECTED)
    for key, email, number in rejected.values_list("application__student", "email", "identity_fingerprint"):
        about(key).cut_off.append((email, number))
    for key, address in ReminderOptOut.objects.filter(student__in=keys).values_list("student", "address"):
        about(key).opted_out.add(address)
    return known


def _choose(progress, known):
    told = _applying(progress.application) or known.bound or known.guardians
    bound = {word for person in known.bound for word in _marks(person)}
    refused = {word for person in known.cut_off for word in _marks(person)} - bound
    chosen: dict[str, Address] = {}
    for email, number, language in told:
        address = Address(email, language)
        if not refused.intersection(_marks((email, number))) and address.fingerprint not in known.opted_out:
            chosen.setdefault(address.fingerprint, address)
    return list(chosen.values())


def _applying(application):
    """Who applies now and has something to hear: of a returned application, to whom it was returned."""
    if application is None or not application.is_open:
        return []
    people = application.applicants.all()
    returned = [one for one in people if one.review == Applicant.Review.RETURNED]
    pending = [one for one in people if one.review == Applicant.Review.PENDING]
    return [(one.email, one.identity_fingerprint, application.language) for one in (returned or pending) if one.email]


def _marks(person):
    """What a person is recognised by: the mailbox and the ID number, where they are known."""
    email, number, *_language = person
    return {mark for mark in (email.strip().casefold(), number) if mark}
