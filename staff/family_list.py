"""The families that the helpdesk looks for, as a list: nobody before something was typed."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.languages import facts
from core.listing import Column, Listing, Search
from registry.columns import by_seat
from registry.models import Student
from staff.helpdesk import FamilyAccount, find_families


def state_of(one: FamilyAccount) -> str:
    """As the pills of the page say it."""
    word = _("已修改密碼") if one.has_own_password else _("最初的密碼")
    return facts([_("已停用") if one.is_switched_off else word, _("鎖定中") if one.minutes_paused else ""])


COLUMNS = (
    Column("account", gettext_lazy("帳號"), lambda one: one.student.portal_account, order=("student_number",)),
    Column("name", gettext_lazy("學生"), lambda one: one.student.masked_name),
    Column(
        "seat",
        gettext_lazy("班級座號"),
        lambda one: f"{one.student.school_class.name} {one.student.seat_number}",
        order=by_seat(),
    ),
    Column("state", gettext_lazy("狀態"), state_of),
    Column(
        "login",
        gettext_lazy("最近登入"),
        lambda one: one.user.last_login if one.user else None,
        order=("family_account__last_login",),
        nulls_last=True,
    ),
)


def list_of_families(request: Any) -> Listing:
    """Students by number, account or name, or by a bound parent's whole e-mail; as many queries however many there are."""
    return Listing(
        request,
        Student.objects.none(),
        name="families",
        title=_("家長帳號"),
        columns=COLUMNS,
        search=Search(
            _("學號、帳號、姓名，或家長的電子郵件"),
            lambda _nobody, text: find_families(request.school, text),
            instead=_("請不要輸入證號，網路中心用學號、帳號或姓名查詢就可以。學號很長的話，請不要加 P。"),
        ),
        sort="seat",
        decorate=FamilyAccount.of_each,
    )
