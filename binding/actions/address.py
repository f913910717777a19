"""已收到您的申請: each applicant is written to on sending, and the reader of that mail says whose mailbox it is.

What is said informs whoever decides and blocks nothing. It is no proof for single sign-on, where the first log-in asks by
a code of its own: the initial password is known to family and school.
"""

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction

from accounts import rations
from accounts.models import SSOAccount, User
from accounts.pauses import Paused
from audit import log
from binding import mails
from binding.actions.locks import lock_application
from binding.models import AddressProof, Applicant
from core.one_time_links import LinkOver, link_to
from core.states import InvalidMove
from notifications import outbox
from notifications.models import Message
from registry.models import School, Student

State = AddressProof.State
A_DAY = 24 * 60  # minutes


def tell_received(applicants: Iterable[Applicant]) -> None:
    """Mail each that the application is here; the caller sent it, or changed their addresses, in this transaction.

    Whose account has this proved address is not asked again. A reader who said no is not written to again, and a
    family that sends and withdraws all day writes to nobody any longer.
    """
    for applicant in applicants:
        proof = _proof_of(applicant)
        if _is_own_account(applicant) and proof.state != State.CONFIRMED:
            proof.renew_link()
            proof.answer(State.CONFIRMED)
        if proof.state == State.REFUSED or not _may_write(applicant):
            continue
        _write(applicant, proof)


@transaction.atomic
def ask_again(*, applicant: Applicant, by: User) -> None:
    """再寄一次: a fresh link, and the one before works no longer. Raises InvalidMove, and Paused after some a day."""
    application = lock_application(applicant.application)
    applicant = application.applicants.get(pk=applicant.pk)
    proof = _proof_of(applicant)
    if not application.is_submitted or not applicant.is_undecided or proof.state != State.ASKED:
        raise InvalidMove(proof.state, State.ASKED)
    _count(applicant)
    _write(applicant, proof)
    log.record("applicant.address_asked", by=by, target=applicant, school=application.student.school)


def find_proof(school: School, token: str) -> AddressProof | None:
    """What the link of a mail of `school` asks, while it can be answered, else None."""
    usable = AddressProof.objects.usable().filter(applicant__application__student__school=school)
    return usable.by_token(token).select_related("applicant__application__student__school").first()


@transaction.atomic
def answer(*, proof: AddressProof, is_own: bool) -> AddressProof:
    """The reader of the mailbox says that it is the applicant's, or not; the same answer twice is one.

    Raises LinkOver where a yes was said before, or the address is another by now.
    """
    found = AddressProof.objects.usable().select_for_update(of=("self",), no_key=True).filter(pk=proof.pk).first()
    if found is None or found.digest != proof.digest:
        raise LinkOver
    state = State.CONFIRMED if is_own else State.REFUSED
    if found.state == state:
        return found
    try:
        found.answer(state)
    except InvalidMove:
        raise LinkOver from None
    applicant = proof.applicant
    if not is_own:
        outbox.stop(Message.objects.about(applicant).filter(to=found.email))
    event = "applicant.address_confirmed" if is_own else "applicant.address_refused"
    log.record(event, by=None, target=applicant, school=applicant.application.student.school)
    return found


def is_refused(*, email: str, student: Student | int) -> bool:
    """Whether the reader of `email` said, last, to be nobody who applies for `student` (or its key).

    Once an account has the address and its owner proved it, that holds.
    """
    of_student = AddressProof.objects.filter(email=email, applicant__application__student=student)
    last = of_student.order_by("-pk").first()
    if last is None or last.state != State.REFUSED:
        return False
    return not SSOAccount.objects.filter(user__username=email, email_proved_at__isnull=False).exists()


def _proof_of(applicant: Applicant) -> AddressProof:
    known = applicant.address_proofs.filter(email=applicant.email).first()
    return known or AddressProof(applicant=applicant, email=applicant.email)


def _write(applicant: Applicant, proof: AddressProof) -> None:
    if proof.state == State.CONFIRMED:
        mails.application_received(applicant)
        return
    outbox.stop(Message.objects.about(applicant).filter(kind=mails.application_received.kind))
    token = proof.renew_link()
    link = link_to("binding:applicant-address", token, applicant.application.student.school.slug)
    mails.application_received(applicant, link=link, until=proof.expires_at)


def _is_own_account(applicant: Applicant) -> bool:
    own = SSOAccount.objects.open().filter(
        user__username=applicant.email,
        identity_fingerprint=applicant.identity_fingerprint,
        email_proved_at__isnull=False,
    )
    return own.exists()


def _count(applicant: Applicant) -> None:
    student = applicant.application.student_id
    rations.consume("address-mail", student, limit=settings.ADDRESS_MAILS_A_DAY, minutes=A_DAY)


def _may_write(applicant: Applicant) -> bool:
    try:
        _count(applicant)
    except Paused:
        return False
    return True
