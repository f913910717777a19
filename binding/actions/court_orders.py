"""法院裁定: entered by the registrar, in force by its dates, lifted when it was entered by mistake or annulled."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit import log
from binding.actions.ending import end_by_court
from binding.actions.locks import lock_application, lock_family
from binding.evidence_intake import HarmlessFile
from binding.models import Application, Binding, CourtOrder
from binding.models.binding import BindingQuerySet
from binding.permissions import check_registrar
from registry.models import Student

State = CourtOrder.State


class AlreadyEntered(Exception):
    """The order with this number stands already."""


@transaction.atomic
def enter_order(
    *,
    binding: Binding,
    number: str,
    ordered_on: date,
    effective_on: date,
    until: date | None,
    document: HarmlessFile,
    by: User,
) -> CourtOrder:
    """Keep the order, and end the binding now or on the day the order takes effect.

    Raises AlreadyEntered and NotYours.
    """
    student = lock_family(binding.student)
    check_registrar(by, student)
    if CourtOrder.objects.standing().filter(student=student, account=binding.account, number=number).exists():
        raise AlreadyEntered
    order = CourtOrder(
        student=student,
        account=binding.account,
        number=number,
        ordered_on=ordered_on,
        effective_on=effective_on,
        until=until,
        entered_by=by,
    )
    order.keep_document(document)
    order.save()
    log.record("court_order.entered", by=by, target=order, school=by.school)
    _wait_for_approvals(student)
    if effective_on <= timezone.localdate():
        _take_effect(order, by=by)
    else:
        _let_last(order)
    return order


@transaction.atomic
def begin_order(*, order: CourtOrder) -> CourtOrder | None:
    """The day has come. None where the order was lifted or has begun already."""
    lock_family(order.student)
    due = CourtOrder.objects.due().select_for_update(of=("self",)).filter(pk=order.pk)
    begun = due.select_related("student__school").first()
    if begun:
        _wait_for_approvals(begun.student)
        _take_effect(begun, by=None)
    return begun


@transaction.atomic
def lift_order(*, order: CourtOrder, reason: str, by: User) -> CourtOrder:
    """Take the order back. What it ended stays ended: the person may apply again. Raises InvalidMove."""
    student = lock_family(order.student)
    check_registrar(by, student)
    order = CourtOrder.objects.get(pk=order.pk)
    was_waiting = order.state == State.WAITING
    order.move_to(State.LIFTED, lift_reason=reason)
    if was_waiting:
        _let_last_as_before(order)
    log.record("court_order.lifted", by=by, target=order, school=by.school, data={"reason": reason})
    return order


@transaction.atomic
def expire_order(*, order: CourtOrder) -> CourtOrder | None:
    """Its time is over. None where somebody had lifted it."""
    lock_family(order.student)
    past = CourtOrder.objects.past().select_related("student__school").filter(pk=order.pk).first()
    if past:
        past.move_to(State.EXPIRED)
        log.record("court_order.expired", target=past, school=past.student.school)
    return past


def _wait_for_approvals(student: Student) -> None:
    """An approval going on at this moment comes first, and what it binds is seen below."""
    for application in Application.objects.open().filter(student=student).order_by("pk"):
        lock_application(application)


def _take_effect(order: CourtOrder, *, by: User | None) -> None:
    order.move_to(State.IN_FORCE)
    log.record("court_order.took_effect", by=by, target=order, school=order.student.school)
    end_by_court(order, by=by)


def _let_last(order: CourtOrder) -> None:
    """Until the day before the order takes effect: the date is looked at by every page, no task has to run."""
    last_day = order.effective_on - timedelta(days=1)
    for binding in _bindings_of(order).to_end():
        if binding.last_day is None or binding.last_day > last_day:
            binding.last_day = last_day
            binding.save(update_fields=["last_day"])


def _let_last_as_before(order: CourtOrder) -> None:
    for binding in _bindings_of(order).to_end():
        mandate = binding.delegations.in_force().first()
        others = CourtOrder.objects.standing().filter(student=order.student_id, account=order.account_id)
        days = [one.effective_on - timedelta(days=1) for one in others]
        binding.last_day = min([*days, *([mandate.ends_on] if mandate else [])], default=None)
        binding.save(update_fields=["last_day"])


def _bindings_of(order: CourtOrder) -> BindingQuerySet:
    return Binding.objects.standing().filter(student=order.student_id, account=order.account_id)
