"""Bindings of a school as the registrar looks for them, and what happened to one of them."""

from django.db.models import Exists, OuterRef, Q
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import names_of_actors
from audit.models import Event
from binding.models import Applicant, Application, Binding, CourtOrder, EmailCorrection
from binding.timeline import Entry
from core import names
from registry.search import students_named

SHOWN = 60
STATES = {"active": gettext_lazy("綁定中"), "ended": gettext_lazy("已終止")}
WORDS = {
    "binding.started": gettext_lazy("綁定開始"),
    "binding.ended": gettext_lazy("綁定終止"),
    "binding.confirmed": gettext_lazy("再次核可，綁定沒有改變"),
    "withdrawal.agreed": gettext_lazy("本人同意撤回"),
    "withdrawal.kept": gettext_lazy("家長帳號提出撤回同意，本人維持綁定"),
    "binding.prolonged": gettext_lazy("委託期間延長"),
    "email_correction.asked": gettext_lazy("提出更正電子郵件"),
    "email_correction.allowed": gettext_lazy("第二人同意更正電子郵件，驗證連結已寄出"),
    "email_correction.refused": gettext_lazy("第二人不同意更正電子郵件"),
    "email_correction.link_sent": gettext_lazy("再寄一次驗證連結"),
    "email_correction.cancelled": gettext_lazy("取消更正電子郵件"),
    "email_correction.changed": gettext_lazy("本人驗證，電子郵件已更正"),
    "person_correction.asked": gettext_lazy("提出更正姓名或證號"),
    "person_correction.changed": gettext_lazy("第二人同意，姓名或證號已更正"),
    "person_correction.refused": gettext_lazy("第二人不同意更正姓名或證號"),
    "person_correction.cancelled": gettext_lazy("取消更正姓名或證號"),
    "person_correction.replaced": gettext_lazy("改提另一次姓名或證號更正"),
    "sso_account.initial_renewed": gettext_lazy("重新寄送開通信"),
    "sso_account.activated": gettext_lazy("帳號開通"),
    "court_order.entered": gettext_lazy("登錄法院裁定"),
    "court_order.took_effect": gettext_lazy("法院裁定生效"),
    "court_order.expired": gettext_lazy("法院裁定期間屆滿"),
    "court_order.lifted": gettext_lazy("撤銷法院裁定的登錄"),
}
DETAILS = {**dict(EmailCorrection.Proof.choices), **dict(Binding.EndReason.choices)}


def find_binding(request, pk):
    """A binding of the registrar's school, or 404."""
    bindings = Binding.objects.of_registrar(request.user).select_related(
        "account__user", "student__school", "student__school_class", "applicant__decided_by"
    )
    return get_object_or_404(bindings, pk=pk)


def bindings_of(school):
    """Bindings of a school's students, with all that a list says of them."""
    return Binding.objects.filter(student__school=school).select_related("student__school_class", "account__user")


def of_state(bindings, state):
    """What of STATES is asked for."""
    return bindings.ended() if state == "ended" else bindings.lasting()


def with_words(bindings, text, school):
    """Those whose student, or whose person, `text` names."""
    return bindings.filter(
        Q(student__in=students_named(school, text)) | Q(account__folded_name__contains=names.fold(text))
    )


def kept_from_teachers(school):
    """Undecided applicants of the school against whom a court's order stands: the registrar decides these."""
    orders = CourtOrder.objects.standing().filter(
        student=OuterRef("application__student"), account__identity_fingerprint=OuterRef("identity_fingerprint")
    )
    waiting = Applicant.objects.filter(
        Exists(orders),
        application__student__school=school,
        application__status=Application.Status.SUBMITTED,
        review=Applicant.Review.PENDING,
    )
    return waiting.select_related("application__student__school_class").order_by("pk")[:SHOWN]


def barred_of(application):
    """Those of its undecided applicants against whom a court's order stands; one query.

    None where the application was read with `has_orders`, and has none.
    """
    if not getattr(application, "has_orders", True):
        return []
    orders = CourtOrder.objects.standing().filter(student=application.student_id)
    barred = set(orders.values_list("account__identity_fingerprint", flat=True))
    return [one for one in application.applicants.all() if one.is_undecided and one.identity_fingerprint in barred]


def history_of(binding, orders):
    """What happened to the binding, to the e-mail of its account, and by `orders` of a court; one query."""
    about = (
        Q(target_type="binding.binding", target_id=str(binding.pk))
        | Q(target_type="accounts.ssoaccount", target_id=str(binding.account_id))
        | Q(target_type="binding.courtorder", target_id__in=[str(one.pk) for one in orders])
    )
    events = list(Event.objects.filter(about, event__in=WORDS)[:SHOWN])
    actors = names_of_actors(events)
    return [_entry_of(event, {str(one.pk): one.number for one in orders}, actors) for event in events]


def _entry_of(event, numbers, actors):
    detail = numbers.get(event.target_id, "") if event.target_type == "binding.courtorder" else ""
    for key in ("proof", "reason"):
        detail = str(DETAILS.get(event.data.get(key), detail))
    return Entry(event.at, actors.get(event.actor_id, _("系統")), str(WORDS[event.event]), detail)
