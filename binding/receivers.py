"""What bound parents hear about their child's portal account, which the whole family shares."""

from datetime import timedelta

from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import SSOAccount
from accounts.signals import (
    BoundChild,
    bound_children_asked,
    bound_readers_asked,
    children_asked,
    fresh_link_asked,
    how_far_asked,
    language_asked,
    leaving,
    opening_asked,
    portal_password_changed,
    portal_password_reset,
    reset_audience_asked,
)
from binding import audience, mails
from binding.actions import address
from binding.actions.ending import end_by_departure
from binding.actions.starting import opening_mail_of, renew_opening, send_account_mail
from binding.how_far import how_far
from binding.models import Application, Binding, DataConfirmation
from binding.own_family import own_family_among
from notifications.signals import objections_asked
from registry.models import StudentChange
from registry.roles import AccountKind
from registry.signals import Endings, endings_asked, own_family_asked, students_ended, undo_asked
from staff.helpdesk import ResentEnough

OPENINGS_A_DAY = 3


@receiver(leaving)
def tell_what_is_not_sent(sender, *, user, **kwargs):
    """A family logs out with a draft: it is kept, and nobody at the school has it yet."""
    if user.kind != AccountKind.FAMILY:
        return ""
    application = Application.objects.latest_of(user.student)
    if application is None or not application.is_draft:
        return ""
    return _("填寫的內容已經暫存，但申請還沒有送出。下次登入可以繼續；按「送出申請」之後，導師才收得到。")


@receiver(language_asked)
def name_language(sender, *, user, **kwargs):
    """That of the last application that was approved."""
    bindings = Binding.objects.filter(account__user=user, applicant__isnull=False).order_by("-pk")
    return bindings.values_list("applicant__application__language", flat=True).first()


@receiver(portal_password_changed)
def tell_bound_parents(sender, *, user, **kwargs):
    """A student who takes over the family's account can't do so unnoticed."""
    for reader in audience.readers_of(user.student):
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
    for reader in audience.of_family(user.student):
        mails.portal_password_reset(user, to=reader)


@receiver(bound_readers_asked)
def name_bound_readers(sender, *, student, **kwargs):
    """Those whose mailbox is proved: a link that opens the family's account goes to no address with a slip in it."""
    return Binding.objects.active().filter(student=student, account__email_proved_at__isnull=False).readers()


@receiver(reset_audience_asked)
def name_audience(sender, *, student, **kwargs):
    return [reader.email for reader in audience.of_family(student)]


@receiver(children_asked)
def name_children(sender, *, school, email, **kwargs):
    """A parent is found by the whole address only, and with children at the asking school only."""
    bindings = Binding.objects.active().filter(student__school=school, account__user__username=email)
    return list(bindings.values_list("student_id", flat=True))


@receiver(how_far_asked)
def tell_how_far(sender, *, student, **kwargs):
    return [how_far(student)]


@receiver(bound_children_asked)
def name_bound_children(sender, *, account, **kwargs):
    bindings = Binding.objects.active().filter(account=account).order_by("pk")
    return [
        BoundChild(binding.student, binding.relationship)
        for binding in bindings.select_related("student__school", "student__school_class")
    ]


@receiver(undo_asked)
def keep_what_families_confirmed(sender, *, roster_import, **kwargs):
    """A roster stays once a family has confirmed what it changed."""
    students = StudentChange.objects.filter(roster_import=roster_import).values("student")
    since = DataConfirmation.objects.filter(student__in=students, confirmed_at__gt=roster_import.decided_at)
    return _("有家長已經確認這份名冊更新的資料。") if since.exists() else None


@receiver(own_family_asked)
def name_own_family(sender, *, students, user, **kwargs):
    """The registry below knows no families: the rule is in `binding.own_family`."""
    return own_family_among(user, students)


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
