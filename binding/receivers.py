"""What bound parents hear about their child's portal account, which the whole family shares."""

from datetime import timedelta

from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import SSOAccount
from accounts.signals import (
    BoundChild,
    bound_children_asked,
    children_asked,
    fresh_link_asked,
    language_asked,
    opening_asked,
    portal_password_changed,
    portal_password_reset,
    reset_audience_asked,
)
from binding import mails
from binding.actions import address
from binding.actions.ending import end_by_departure
from binding.actions.starting import opening_mail_of, renew_opening, send_account_mail
from binding.models import Applicant, Application, Binding, DataConfirmation
from binding.own_family import own_family_among
from notifications.signals import objections_asked
from registry.models import StudentChange
from registry.signals import Endings, endings_asked, own_family_asked, students_ended, undo_asked
from staff.helpdesk import ResentEnough

OPENINGS_A_DAY = 3


@receiver(language_asked)
def name_language(sender, *, user, **kwargs):
    """That of the last application that was approved."""
    bindings = Binding.objects.filter(account__user=user, applicant__isnull=False).order_by("-pk")
    return bindings.values_list("applicant__application__language", flat=True).first()


@receiver(portal_password_changed)
def tell_bound_parents(sender, *, user, **kwargs):
    """A student who takes over the family's account can't do so unnoticed."""
    for reader in readers_of(user.student):
        mails.portal_password_changed(user, to=reader)


@receiver(objections_asked)
def object_to_mail(sender, *, message, **kwargs):
    """The reader of this mailbox said to be nobody who applies for the child: nothing about it goes there.

    But for a link that a registrar sends, who has asked the person.
    """
    is_asked = message.kind == mails.address_verify.kind
    if message.student_id and not is_asked and address.is_refused(email=message.to, student=message.student_id):
        return "its reader said that the mailbox is not the applicant's"
    return ""


@receiver(opening_asked)
def send_opening_again(sender, *, user, **kwargs):
    """To the owner's own address, and three times a day at most."""
    bindings = Binding.objects.active().select_related(
        "account__user", "student__school", "student__school_class", "applicant__application"
    )
    binding = bindings.filter(account=user.sso_account).order_by("pk").first()
    if binding and opened_lately(binding) < OPENINGS_A_DAY:
        renew_opening(binding=binding, by=user)


@receiver(fresh_link_asked)
def send_fresh_opening(sender, *, message, by, **kwargs):
    """The mail that opens an account, with a new link, three times a day at most."""
    if message.kind not in (mails.account_opened.kind, mails.delegation_started.kind):
        return False
    bindings = Binding.objects.active().select_related(
        "account__user", "student__school", "student__school_class", "applicant__application"
    )
    binding = bindings.filter(pk=message.about_id).first()
    is_waiting = binding and binding.account.state == SSOAccount.State.INITIAL
    if binding is None or not (is_waiting or binding.is_delegated):
        return False
    if opened_lately(binding) >= OPENINGS_A_DAY:
        raise ResentEnough
    if is_waiting:
        renew_opening(binding=binding, by=by)
    else:
        send_account_mail(binding, is_new=False)
    return True


def opened_lately(binding):
    since = timezone.now() - timedelta(days=1)
    return opening_mail_of(binding).sent_lately(about=binding, since=since)


@receiver(portal_password_reset)
def tell_family(sender, *, user, **kwargs):
    for reader in audience_of_reset(user.student):
        mails.portal_password_reset(user, to=reader)


@receiver(reset_audience_asked)
def name_audience(sender, *, student, **kwargs):
    return [reader.email for reader in audience_of_reset(student)]


@receiver(children_asked)
def name_children(sender, *, school, email, **kwargs):
    """A parent is found by the whole address only, and with children at the asking school only."""
    bindings = Binding.objects.active().filter(student__school=school, account__user__username=email)
    return list(bindings.values_list("student_id", flat=True))


@receiver(bound_children_asked)
def name_bound_children(sender, *, account, **kwargs):
    bindings = Binding.objects.active().filter(account=account).order_by("pk")
    return [
        BoundChild(binding.student, binding.relationship)
        for binding in bindings.select_related("student__school", "student__school_class")
    ]


def audience_of_reset(student):
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


@receiver(undo_asked)
def keep_what_families_confirmed(sender, *, roster_import, **kwargs):
    """A roster stays once a family has confirmed what it changed."""
    students = StudentChange.objects.filter(roster_import=roster_import).values("student")
    since = DataConfirmation.objects.filter(student__in=students, confirmed_at__gt=roster_import.decided_at)
    return _("有家長已經確認這份名冊更新的資料。") if since.exists() else None


@receiver(own_family_asked)
def name_own_family(sender, *, student, user, **kwargs):
    """The registry below knows no families: the rule is in `binding.own_family`."""
    return own_family_among(user, [student]).get(student.pk)


@receiver(students_ended)
def end_bindings(sender, *, students, by, **kwargs):
    """A child who graduated or left is bound to nobody any longer."""
    end_by_departure(students=students, by=by)


@receiver(endings_asked)
def count_endings(sender, *, students, **kwargs):
    """What `end_bindings` would end."""
    bindings = Binding.objects.lasting().filter(student__in=students)
    return Endings(
        bindings=bindings.count(),
        families=bindings.values("student").distinct().count(),
        applications=Application.objects.open().filter(student__in=students).count(),
    )
