"""What a file that waits would bring by now, and each of its lines with what becomes of it, to be compared and taken away."""

from django.utils.translation import gettext as _

from billing.bills.models import Bill
from billing.collection.models import CollectionFile
from billing.collection.reconciliation.forecast import Forecast, Forecaster
from billing.collection.reconciliation.matching import FIELDS
from billing.collection.reconciliation.profiles import PROFILES
from billing.collection.reconciliation.reading import lines_of
from billing.payments.models import Settlement
from core.formats import roc_short
from core.spreadsheets import Page, build_report


def foreseen_now(taken: CollectionFile) -> tuple[dict, bool]:
    """(the forecast of a file that waits, whether it was made anew since other money came meanwhile)."""
    since = Settlement.objects.filter(school=taken.school_id, told_at__gt=taken.taken_at)
    if not since.exists():
        return taken.foreseen, False
    return _walk(taken, None).as_dict(), True


def workbook_of(taken: CollectionFile) -> bytes:
    """The .xlsx: a row a line of the file, in its order, with what would become of it at this moment, and why."""
    found: list = []
    _walk(taken, lambda *outcome: found.append(outcome))
    students = _students_of(taken, {line.code for line, _kind, _why in found})
    words = {
        "new": _("會入帳"), "known": _("先前已入帳"), "again": _("已繳清的繳費單又收到"), "doubtful": _("要查明"),
        "unknown": _("找不到繳費單"),
    }  # fmt: skip
    head = [
        _("位置"), _("代收日期"), _("銷帳編號或帳號"), _("金額"), _("通路"), _("交易序號"), _("結果"),
        _("原因"), _("班級"), _("座號"), _("姓名"),
    ]  # fmt: skip
    rows = [
        [
            line.place, roc_short(line.paid_on), line.code, line.amount, line.channel, line.reference, words[kind],
            _(why) if why else "", *students.get(line.code, ("", "", "")),
        ]
        for line, kind, why in found
    ]  # fmt: skip
    return build_report([Page(_("代收檔"), head, rows, [12, 12, 20, 10, 14, 18, 20, 36, 8, 6, 12])])


def _walk(taken, each) -> Forecast:
    forecaster = Forecaster(taken.school, PROFILES[taken.profile], each)
    with taken.file.open("rb") as file:
        for line in lines_of(file, PROFILES[taken.profile]):
            forecaster.add(line)
    return forecaster.finish()


def _students_of(taken, codes):
    """{code: (class, seat, name)}; one query."""
    field = FIELDS[PROFILES[taken.profile].by]
    facts = ("student__school_class__name", "student__seat_number", "student__name")
    bills = Bill.objects.filter(school=taken.school_id)
    rows = bills.filter(**{f"{field}__in": codes}).values_list(field, *facts)
    return {code: about for code, *about in rows}
