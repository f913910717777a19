"""日結: what came and went on one day, read from the ledger and nothing else."""

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import log
from billing.ledger import booking
from billing.ledger.models import MONEY, Account, LedgerEntry
from core.formats import roc_date
from core.printing.typesetting import typeset
from core.spreadsheets import Page, build_report

TEMPLATE = Path(__file__).parent / "day_end.typ"

WHAT = {
    booking.ISSUED: gettext_lazy("開立繳費單"),
    booking.VOIDED: gettext_lazy("作廢繳費單"),
    booking.SETTLED: gettext_lazy("收款"),
    booking.RESOLVED: gettext_lazy("待查款項處理"),
    booking.WITHDRAWN: gettext_lazy("沖回誤報的款項"),
    booking.CANCELLED: gettext_lazy("已繳款改退費"),
    booking.REFUNDED: gettext_lazy("退款"),
    booking.HANDED_OVER: gettext_lazy("轉交學校處理"),
    booking.REVERSED: gettext_lazy("沖正櫃檯收款"),
    booking.KEPT: gettext_lazy("撤銷待退款"),
}

BOOKED_BACK = (booking.WITHDRAWN, booking.REVERSED)  # money that never was there


@dataclass(frozen=True)
class Balance:
    """One account over one day, in whole dollars."""

    account: Account
    before: int
    debit: int
    credit: int

    @property
    def label(self):
        return self.account.label

    @property
    def after(self):
        return self.before + self.debit - self.credit


@dataclass(frozen=True)
class DayEnd:
    school: object
    day: object
    balances: list[Balance]
    moves: list[dict]  # kind of entry, debit, credit, number of entries, amount
    entries: object
    withdrawn: int  # money that never was, booked back on this day
    withdrawn_of_today: int  # of it, what had been booked on this day as well

    @property
    def came(self):
        """Without what turned out on the same day never to have been."""
        debits = sum(one.debit for one in self.balances if one.account in MONEY)
        return debits - self.withdrawn_of_today

    @property
    def went(self):
        """Money that left; what is booked back because it never was left nothing."""
        return sum(one.credit for one in self.balances if one.account in MONEY) - self.withdrawn

    @property
    def corrected(self):
        """Booked as money that came on a day before, and booked back on this one."""
        return self.withdrawn - self.withdrawn_of_today


def day_end(school, day):
    """Seven queries, however long the ledger is."""
    book = LedgerEntry.objects.filter(school=school)
    today = book.filter(on=day)
    before = book.filter(on__lt=day).balances()
    debits, credits = _sums(today, "debit"), _sums(today, "credit")
    balances = [Balance(one, before.get(one, 0), debits.get(one, 0), credits.get(one, 0)) for one in Account]
    moves = today.values("what", "debit", "credit").annotate(count=Count("pk"), total=Sum("amount"))
    lines = [
        {
            "what": WHAT.get(one["what"], one["what"]),
            "debit": Account(one["debit"]).label,
            "credit": Account(one["credit"]).label,
            "count": one["count"],
            "total": one["total"],
        }
        for one in moves.order_by("what", "debit", "credit")
    ]
    entries = today.select_related("bill", "settlement").order_by("pk")
    return DayEnd(school, day, balances, lines, entries, *_withdrawn(today))


def _withdrawn(today):
    """(dollars booked back because they never came, of these what had come to the books on the same day)"""
    came_today = today.filter(debit__in=MONEY, settlement__isnull=False).values("settlement")
    sums = today.filter(what__in=BOOKED_BACK, credit__in=MONEY).aggregate(
        all=Sum("amount"), of_today=Sum("amount", filter=Q(settlement__in=came_today))
    )
    return sums["all"] or 0, sums["of_today"] or 0


def _sums(entries, side):
    return dict(entries.order_by().values_list(side).annotate(Sum("amount")))


def export(*, report, form, by):
    """The file (bytes) of `form` "xlsx" or "pdf"; an event says who took it away."""
    data = {"xlsx": as_workbook, "pdf": as_pdf}[form](report)
    with transaction.atomic():
        log.record(
            "day_end.exported",
            by=by,
            target=report.school,
            school=report.school,
            data={"day": report.day.isoformat(), "form": form},
        )
    return data


def as_workbook(report):
    return build_report(
        [
            Page(title, head, lines, widths)
            for title, (head, lines), widths in (
                (_("科目餘額"), _balance_table(report), [18, 12, 12, 12, 12]),
                (_("當日摘要"), _move_table(report), [18, 18, 18, 8, 12]),
                (_("當日明細"), _entry_table(report), [16, 18, 18, 18, 12, 22, 24]),
            )
        ]
    )


def _balance_table(report):
    head = [_("科目"), _("前日餘額"), _("借方"), _("貸方"), _("本日餘額")]
    lines = [[str(one.label), one.before, one.debit, one.credit, one.after] for one in report.balances]
    total = [_("合計"), *(sum(line[place] for line in lines) for place in range(1, 5))]
    return head, [*lines, total]


def _move_table(report):
    head = [_("事由"), _("借方科目"), _("貸方科目"), _("筆數"), _("金額")]
    lines = [
        [str(one["what"]), str(one["debit"]), str(one["credit"]), one["count"], one["total"]] for one in report.moves
    ]
    total = [_("合計"), "", "", sum(line[3] for line in lines), sum(line[4] for line in lines)]
    return head, [*lines, total]


def _entry_table(report):
    head = [_("時間"), _("事由"), _("借方科目"), _("貸方科目"), _("金額"), _("銷帳編號"), _("通路")]
    lines = [
        [
            f"{timezone.localtime(one.at):%H:%M:%S}",
            str(WHAT.get(one.what, one.what)),
            str(one.get_debit_display()),
            str(one.get_credit_display()),
            one.amount,
            one.bill.write_off_number if one.bill else "",
            one.settlement.channel if one.settlement else "",
        ]
        for one in report.entries.iterator(chunk_size=2000)
    ]
    return head, lines


def in_words(report):
    words = _("收入 %(came)s 元，支出 %(went)s 元。")
    if report.corrected:
        words = _("收入 %(came)s 元，支出 %(went)s 元，沖回前日誤報的款項 %(corrected)s 元。")
    sums = {"came": report.came, "went": report.went, "corrected": report.corrected}
    return words % {name: f"{amount:,}" for name, amount in sums.items()}


def as_pdf(report):
    return typeset(TEMPLATE, facts_of(report), format="pdf")


def facts_of(report):
    """What stands on the paper, as day_end.typ takes it."""
    tables = [(_("科目餘額（新臺幣元）"), {0}, _balance_table(report)), (_("當日摘要"), {0, 1, 2}, _move_table(report))]
    return {
        "head": report.school.name,
        "title": _("出納日結表　%(day)s") % {"day": roc_date(report.day)},
        "made_on": _("%(day)s 製表") % {"day": roc_date(timezone.localdate())},
        "state": in_words(report),
        "signs": [_("製表"), _("出納組長"), _("主計")],
        "tables": [
            {
                "title": title,
                "columns": [{"word": word, "number": place not in words} for place, word in enumerate(head)],
                "lines": [[f"{cell:,}" if isinstance(cell, int) else cell for cell in line] for line in lines],
            }
            for title, words, (head, lines) in tables
        ],
    }
