"""A payment that may still bring money for a bill, at most one a bill: how and since when, and whether it is one's own.

Of another person's it is said that it is, and never whose.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, FilteredRelation, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from billing.bills.models import Bill
from billing.payments.gateways import Method
from billing.payments.models import Payment
from binding.visibility import restricted_among
from core.formats import moment_in_words


@dataclass(frozen=True)
class Attempt:
    """`reference`: of one's own alone. `is_hidden`: a court keeps the parents' data apart, so that nothing more is said."""

    is_own: bool
    reference: str
    state: str
    method: str
    started_at: datetime
    until: datetime | None
    is_hidden: bool = False

    @property
    def has_code(self) -> bool:
        return self.state == Payment.State.CODE_ISSUED

    @property
    def words(self) -> str:
        """One sentence for the bill's page, and wherever somebody is about to pay it."""
        if self.is_hidden:
            return _("這張繳費單已經有一筆付款在進行。")
        facts = {
            "at": moment_in_words(self.started_at),
            "method": Method(self.method).label,
            "until": moment_in_words(self.until) if self.until else "",
        }
        return self._sentence % facts

    @property
    def _sentence(self) -> str:
        if self.has_code and self.is_own:
            if self.until:
                return _("您在 %(at)s 取得了繳費代碼（%(method)s），請在 %(until)s 前繳費。")
            return _("您在 %(at)s 取得了繳費代碼（%(method)s），請用它繳費。")
        if self.has_code:
            if self.until:
                return _("另一位家長在 %(at)s 取得了繳費代碼（%(method)s），有效到 %(until)s。")
            return _("另一位家長在 %(at)s 取得了繳費代碼（%(method)s）。")
        if self.is_own:
            return _("您在 %(at)s 開始付款（%(method)s），還沒有收到結果。")
        return _("另一位家長在 %(at)s 開始付款（%(method)s），還沒有收到結果。")


def with_attempts(bills: QuerySet[Bill]) -> QuerySet[Bill]:
    """Read along what `note` needs."""
    live = FilteredRelation("payment_parts", condition=Q(payment_parts__is_live=True))
    return bills.annotate(live=live).annotate(
        attempt_state=F("live__payment__state"),
        attempt_method=F("live__payment__method"),
        attempt_reference=F("live__payment__reference"),
        attempt_by=F("live__payment__started_by"),
        attempt_at=F("live__payment__started_at"),
        attempt_until=F("live__payment__code_until"),
    )


def note(bills: Iterable[Bill], user: User) -> None:
    """Set `attempt` on each of `bills` (of `with_attempts`), or None. One query where a payment is somebody else's."""
    bills = list(bills)
    foreign = {one.student_id for one in bills if _by(one) not in (None, user.pk)}
    apart = restricted_among(foreign) if foreign else set()
    for bill in bills:
        bill.attempt = _attempt_of(bill, user, apart) if _by(bill) else None  # type: ignore[attr-defined]


def _by(bill):
    return bill.attempt_by


def _attempt_of(bill, user, apart):
    is_own = bill.attempt_by == user.pk
    return Attempt(
        is_own=is_own,
        reference=bill.attempt_reference if is_own else "",
        state=bill.attempt_state,
        method=bill.attempt_method,
        started_at=bill.attempt_at,
        until=bill.attempt_until,
        is_hidden=not is_own and bill.student_id in apart,
    )
