"""A parent's bills: open ones by child, those of the year, one bill, and never who paid."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing.bills.drafting import draft_for_classes
from billing.bills.models import Bill, BillBatch
from billing.collection.counter import take_cash
from billing.collection.refunding import give_back, refund
from billing.payments.gateway_notices import take_notice
from billing.payments.gateways import Outcome
from billing.payments.models import Refund
from binding.actions.ending import end_binding
from binding.models import Binding, CustodyRestriction
from core.formats import day_in_words
from tests.accounts.factories import log_in, registrar_of
from tests.billing.families import LEO, ZOE, bill_of, child_of, parent_of
from tests.billing.money import begun, cashier_of, notice_of, void
from tests.registry.factories import SchoolClassFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def zoe():
    return parent_of(ZOE)


@pytest.fixture
def child(zoe):
    return child_of(ZOE)


@pytest.fixture
def page(zoe):
    return pages_of(zoe)


def pages_of(user):
    client = log_in(Client(), user)
    return lambda name, *args, **query: client.get(reverse(f"billing:{name}", args=args), query)


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def pay_cash(bill):
    return take_cash(bill=bill, amount=bill.amount, receipt=f"R{bill.pk}", by=cashier_of(bill.school))


class TestHome:
    @pytest.mark.parametrize(
        ("days", "words"), [(0, "今天到期"), (1, "明天到期"), (3, "還有 3 天"), (-2, "已逾期 2 天")]
    )
    def test_says_how_far_the_last_day_is(self, page, child, days, words):
        bill_of(child, days=days)

        assert words in text_of(page("home"))

    def test_open_bills_come_by_child_and_school_with_totals(self, page, child):
        sister = child_of(ZOE)
        bill_of(child, amount=3900)
        bill_of(child, amount=100)
        bill_of(sister, amount=2000)

        text = text_of(page("home"))

        assert child.name in text
        assert child.masked_name not in text
        assert "3 張待繳" in text
        assert "NT$6,000" in text
        assert "不同學校的繳費單要分開付款" in text
        assert text.count('<form class="sheet stack"') == 2

    def test_only_what_can_be_paid_has_a_box(self, page, child):
        payable = [bill_of(child), bill_of(child)]
        bill_of(child, days=-1)
        Bill.objects.filter(pk=bill_of(child).pk).update(amount=0)

        text = text_of(page("home"))

        assert text.count('name="bill"') == text.count(" checked>") == 2
        for bill in payable:
            assert f'value="{bill.pk}"' in text
            assert f'href="{reverse("billing:pay")}?bill={bill.pk}"' in text

    def test_one_bill_is_one_press_from_paying(self, page, child):
        bill = bill_of(child)

        text = text_of(page("home"))

        assert "1 張待繳" in text
        assert 'name="bill"' not in text
        assert f'class="button button--primary" href="{reverse("billing:pay")}?bill={bill.pk}"' in text
        assert text.count(f'href="{reverse("billing:bill", args=[bill.pk])}"') == 1

    def test_what_is_being_paid_is_not_ticked(self, page, child, zoe):
        begun([bill_of(child)], zoe)
        bill_of(child)

        assert text_of(page("home")).count(" checked>") == 1

    def test_settled_bills_of_this_year_come_by_semester_and_older_ones_on_their_own_page(self, page, child):
        pay_cash(bill_of(child, title="今年的"))
        pay_cash(bill_of(child, title="下學期的", semester=2))
        pay_cash(bill_of(child, title="去年的", years_ago=1))
        bill_of(child, title="去年沒繳的", years_ago=1)

        home, history = text_of(page("home")), text_of(page("history"))

        year = child.school.school_year
        assert home.index("本學年度繳過") < home.index(f"{year} 學年度第 2 學期") < home.rindex("今年的</a>")
        assert "去年沒繳的" in home
        assert "去年的" not in home
        assert "去年的" in history
        assert "今年的" not in history
        assert "去年沒繳的" not in history
        assert f"{year - 1} 學年度第 1 學期" in history

    def test_a_child_that_is_bound_no_longer_is_not_shown(self, page, child, zoe):
        other = child_of(ZOE)
        bill = bill_of(child, title="以前的孩子")
        pay_cash(bill_of(child, years_ago=2, title="更早以前"))
        bill_of(other)
        binding = Binding.objects.get(student=child)
        end_binding(binding=binding, reason=Binding.EndReason.REGISTRAR, by=registrar_of(child.school))

        for name in ("home", "history"):
            assert "以前" not in text_of(page(name)).replace("以前學年度", "")
        assert page("bill", bill.pk).status_code == 404
        assert page("bill-due", bill.pk).status_code == 404

    def test_drafts_and_void_bills_are_not_listed(self, page, child):
        Bill.objects.filter(pk=bill_of(child, title="草稿的").pk).update(state="draft", issued_at=None)
        void(bill_of(child, title="作廢的"))

        text = text_of(page("home"))

        assert "草稿的" not in text
        assert "作廢的" not in text

    def test_a_live_code_says_until_when_to_its_owner_alone(self, zoe):
        leo, student = parent_of(LEO), child_of(ZOE, LEO)
        bill = bill_of(student)
        payment = begun([bill], zoe, method="store_code")
        take_notice(notice_of(payment, Outcome.CODE_ISSUED, code="GW123", code_until=timezone.now()))

        own, others = (text_of(pages_of(one)("home")) for one in (zoe, leo))

        assert "取得了繳費代碼（超商代碼），請在" in own
        assert payment.reference in own
        assert "另一位家長在" in others
        assert "取得了繳費代碼（超商代碼），有效到" in others
        assert payment.reference not in others
        assert "GW123" not in others

    def test_queries_stay_the_same(self, page, child, zoe, django_assert_max_num_queries):
        children = [child, *(child_of(ZOE) for _n in range(4))]
        for student in children:
            for years_ago in range(6):
                pay_cash(bill_of(student, years_ago=years_ago))
                bill_of(student, years_ago=years_ago, semester=2)
        take_notice(notice_of(begun([bill_of(child)], zoe), Outcome.CODE_ISSUED, code="1"))

        for name in ("home", "history"):
            with django_assert_max_num_queries(10):
                assert page(name).status_code == 200
        with django_assert_max_num_queries(10):
            assert page("bill", Bill.objects.filter(state="issued").first().pk).status_code == 200

    def test_where_a_court_keeps_the_parents_apart_nothing_more_is_said_of_the_other(self, zoe):
        leo, student = parent_of(LEO), child_of(ZOE, LEO)
        begun([bill_of(student)], zoe)
        today = timezone.localdate()
        CustodyRestriction.objects.create(student=student, document_on=today, starts_on=today, set_by=zoe)

        text = text_of(pages_of(leo)("home"))

        assert "這張繳費單已經有一筆付款在進行" in text
        assert "另一位家長" not in text


class TestLauncher:
    def text(self, user):
        return text_of(log_in(Client(), user).get(reverse("binding:sso-home")))

    def test_says_the_figure_and_pays_at_one_press(self, zoe, child):
        bill = bill_of(child, amount=9330, days=20)

        text = self.text(zoe)

        assert "NT$9,330" in text
        assert f'繳費期限 <span class="nowrap">{day_in_words(bill.due_on)}</span>' in text
        assert "還有 20 天" in text
        assert f'class="button button--primary" href="{reverse("billing:pay")}?bill={bill.pk}"' in text

    def test_several_of_one_school_are_paid_together(self, zoe, child):
        far, near = bill_of(child, days=9), bill_of(child, days=2)

        text = self.text(zoe)

        assert "2 張待繳" in text
        assert f'最近的繳費期限 <span class="nowrap">{day_in_words(near.due_on)}</span>' in text
        assert f"?bill={near.pk}&amp;bill={far.pk}" in text

    def test_those_of_two_schools_are_not(self, zoe, child):
        bill_of(child)
        bill_of(child_of(ZOE))

        text = self.text(zoe)

        assert "2 張待繳" in text
        assert reverse("billing:pay") + "?" not in text

    def test_what_is_being_paid_says_so(self, zoe, child):
        bill = bill_of(child)
        payment = begun([bill], zoe, method="store_code")
        take_notice(notice_of(payment, Outcome.CODE_ISSUED, code="1"))

        text = self.text(zoe)

        assert reverse("billing:payment", args=[payment.reference]) in text
        assert reverse("billing:pay") + "?" not in text

    def test_no_bill_and_an_overdue_one(self, zoe, child):
        bill = bill_of(child, days=-1)
        assert "有 1 張繳費單已逾期" in self.text(zoe)

        void(bill)
        assert "目前沒有要繳的繳費單" in self.text(zoe)

    def test_account_things_stand_in_one_place(self, zoe, child):
        text = self.text(zoe)

        assert text.partition("<main")[2].count(reverse("binding:account")) == 1
        assert reverse("accounts:sso-password") not in text


class TestWordsOfTheSchool:
    """學雜費, 家長會費: in the reader's language where somebody said how, else marked as Chinese."""

    @pytest.fixture
    def english(self, zoe):
        client = log_in(Client(), zoe)
        client.post(reverse("set_language"), {"language": "en"})
        return lambda name, *args: text_of(client.get(reverse(f"billing:{name}", args=args)))

    def test_are_given_known_to_all_or_chinese(self, english, child):
        bill = bill_of(child, title="社團材料費", items=[("學費", 5), ("陶藝", 6), ("木工", 7)])
        bill.batch.translations = {"en": {"陶藝": "Pottery <b>"}}
        bill.batch.save()

        text = english("bill", bill.pk)

        assert "Pottery &lt;b&gt;" in text
        assert "Tuition" in text
        assert '<span lang="zh-Hant">木工</span>' in text
        assert '<h1><span lang="zh-Hant">社團材料費</span></h1>' in text

    def test_the_cashier_says_how_and_the_next_batch_knows_it(self, child):
        bill = bill_of(child, items=[("陶藝", 6)])
        cashier = cashier_of(child.school)
        desk = log_in(Client(), cashier)
        address = reverse("billing:cashier-batch-words", args=[child.school.slug, bill.batch_id])

        desk.post(address, {"en_1": "Pottery", "vi_1": " Gốm "})

        assert BillBatch.objects.get().translations == {"en": {"陶藝": "Pottery"}, "vi": {"陶藝": "Gốm"}}
        again = draft_for_classes(
            school=child.school, classes=[child.school_class], items=[("陶藝", 9)], by=cashier,
            school_year=116, semester=1, title="學雜費", due_on=bill.due_on,
        )  # fmt: skip
        assert again.translations["en"] == {"陶藝": "Pottery"}

    def test_an_id_number_is_no_translation(self, child):
        bill = bill_of(child)
        desk = log_in(Client(), cashier_of(child.school))
        address = reverse("billing:cashier-batch-words", args=[child.school.slug, bill.batch_id])

        assert desk.post(address, {"en_0": "A123456789"}).status_code == 200
        assert BillBatch.objects.get().translations == {}


class TestBill:
    def test_shows_items_with_negative_ones_and_the_total(self, page, child):
        bill = bill_of(child, amount=3000, items=[("學費", 5000), ("減免", -2000)])

        text = text_of(page("bill", bill.pk))

        assert "5,000" in text
        assert "-2,000" in text
        assert "3,000" in text
        assert f"{reverse('billing:pay')}?bill={bill.pk}" in text
        assert "擇一方式繳費，切勿同時繳納" in text
        assert reverse("billing:bill-due", args=[bill.pk]) in text
        assert child.name in text
        assert child.masked_name not in text

    def test_money_that_goes_back_is_told(self, page, child):
        bill = bill_of(child)
        pay_cash(bill)
        cashier = cashier_of(bill.school)
        give_back(bill=bill, amount=bill.amount, reason="多收", by=cashier)
        assert "學校會退還這筆款項" in text_of(page("bill", bill.pk))

        refund(refund=Refund.objects.get(), way="cash", note="1", by=cashier)

        assert "這筆款項已經退還" in text_of(page("bill", bill.pk))

    def test_an_overdue_bill_offers_no_way_to_pay(self, page, child):
        bill = bill_of(child, days=-1)

        text = text_of(page("bill", bill.pk))

        assert "過了繳費期限" in text
        assert reverse("billing:pay") not in text

    def test_a_void_bill_points_to_its_successor_once_that_is_issued(self, page, child):
        old, new = bill_of(child, title="舊的"), bill_of(child, title="新的")
        void(old)
        Bill.objects.filter(pk=new.pk).update(replaces=old, state="draft", issued_at=None)
        before = text_of(page("bill", old.pk))

        Bill.objects.filter(pk=new.pk).update(state="issued")
        after = text_of(page("bill", old.pk))

        address = reverse("billing:bill", args=[new.pk])
        assert "請不要繳" in before
        assert address not in before
        assert address in after

    def test_a_draft_and_one_thrown_away_before_it_was_issued_are_nobodys_business(self, page, child):
        bill = bill_of(child)
        Bill.objects.update(state="draft", issued_at=None)
        assert page("bill", bill.pk).status_code == 404

        Bill.objects.update(state="void", issued_at=None)
        assert page("bill", bill.pk).status_code == 404

    def test_another_familys_bill_does_not_exist(self, page, child):
        parent_of(LEO)
        foreign = bill_of(child_of(LEO))

        for name in ("bill", "bill-due"):
            assert page(name, foreign.pk).status_code == 404

    def test_both_parents_see_that_it_is_paid_and_neither_who_paid(self, zoe):
        leo = parent_of(LEO)
        student = child_of(ZOE, LEO, school_class=SchoolClassFactory())
        bill = bill_of(student)
        payment = begun([bill], zoe)
        take_notice(notice_of(payment))

        for user in (zoe, leo):
            text = text_of(pages_of(user)("bill", bill.pk))
            assert "已經繳清" in text
        for name, args in (("home", []), ("bill", [bill.pk]), ("payments", [])):
            text = text_of(pages_of(leo)(name, *args))
            assert payment.reference not in text
            assert zoe.sso_account.name not in text.replace(leo.sso_account.name, "")
            assert zoe.email not in text
            assert "信用卡" not in text

    def test_what_was_paid_twice_is_the_payers_business(self, zoe):
        leo, student = parent_of(LEO), child_of(ZOE, LEO)
        bill = bill_of(student)
        payment = begun([bill], zoe)
        pay_cash(bill)
        take_notice(notice_of(payment))

        own, others = (text_of(pages_of(one)("bill", bill.pk)) for one in (zoe, leo))

        assert "待學校退還" in own
        assert "待學校退還" not in others
