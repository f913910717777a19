"""Pages of paying: the parent's, the gateways' callback, the cashier's."""

import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.oidc.sign_ons import AUTHENTICATED_AT
from billing.actions.counter import take_cash
from billing.actions.settling import take_notice
from billing.gateways import Outcome
from billing.gateways.sandbox import signed
from billing.models import Bill, CollectionFile, Payment, Refund, SandboxCallback, SandboxTrade, Settlement
from notifications.models import Message
from tests.accounts.factories import PASSWORD, log_in, registrar_of, sso_parent, teacher_of
from tests.billing.collection_files import store_file
from tests.billing.money import begun, cashier_of, issued_bill, notice_of
from tests.binding.factories import approved_application
from tests.registry.factories import SchoolClassFactory, StudentFactory, make_identity

pytestmark = pytest.mark.django_db


@pytest.fixture
def school_class():
    return SchoolClassFactory()


@pytest.fixture
def school(school_class):
    return school_class.school


@pytest.fixture
def parent(school):
    return sso_parent(by=registrar_of(school), email="zoe@example.com")


@pytest.fixture
def bill(school_class, parent):
    student = StudentFactory(school=school_class.school, school_class=school_class)
    zoe = {1: {"identity_number": make_identity(901), "email": "zoe@example.com"}}
    approved_application(teacher_of(school_class), student, people=zoe)
    return issued_bill(student)


def just_now(client):
    session = client.session
    session[AUTHENTICATED_AT] = time.time()
    session.save()
    return client


@pytest.fixture
def client_of_parent(parent):
    return just_now(log_in(Client(), parent))


@pytest.fixture
def cashier(school):
    return cashier_of(school)


@pytest.fixture
def desk(cashier, school):
    client = log_in(Client(), cashier)
    return lambda name, *args, **query: client.get(
        reverse(f"billing:{name}", args=[school.slug, *args]), query
    )


@pytest.fixture
def press(cashier, school):
    client = log_in(Client(), cashier)
    return lambda name, *args, **data: client.post(
        reverse(f"billing:{name}", args=[school.slug, *args]), data, follow=True
    )


def pay(client, *bills, way="sandbox:card", key="k1", **more):
    data = {"bill": [one.pk for one in bills], "way": way, "key": key, **more}
    return client.post(reverse("billing:pay"), data)


def test_choosing_a_way_begins_a_payment(client_of_parent, bill, parent):
    page = client_of_parent.get(reverse("billing:pay"), {"bill": bill.pk})
    assert "信用卡" in page.content.decode()

    answer = pay(client_of_parent, bill)

    payment = Payment.objects.get()
    assert answer.url == reverse("billing:payment-go", args=[payment.reference])
    assert (payment.amount, payment.started_by) == (bill.amount, parent)
    assert "繼續付款" in client_of_parent.get(answer.url).content.decode()


def test_a_double_click_and_the_back_button_are_one_payment(client_of_parent, bill):
    answers = {pay(client_of_parent, bill).url for _click in range(3)}

    assert len(answers) == Payment.objects.count() == 1


def test_a_code_that_lives_warns_and_asks(client_of_parent, bill, parent):
    first = begun([bill], parent, method="store_code")
    take_notice(notice_of(first, Outcome.CODE_ISSUED, code="GW1"))

    answer = pay(client_of_parent, bill)
    assert "可能已經付過了" in answer.content.decode()
    assert Payment.objects.count() == 1

    pay(client_of_parent, bill, despite=f"{first.reference} ")
    assert Payment.objects.count() == 2


def test_a_paid_bill_is_not_paid_again(client_of_parent, bill, cashier):
    take_cash(bill=bill, amount=bill.amount, receipt="1", by=cashier)

    answer = pay(client_of_parent, bill)

    assert answer.url == reverse("billing:home")
    assert not Payment.objects.exists()
    assert "已繳清" in client_of_parent.get(answer.url).content.decode()


def test_no_way_chosen_is_said_beside_the_field(client_of_parent, bill):
    assert "請選擇付款方式" in pay(client_of_parent, bill, way="").content.decode()
    assert pay(client_of_parent, bill, way="ecpay:card").status_code == 200
    assert not Payment.objects.exists()


@pytest.mark.parametrize("typed", ["", "x", "９", "-1", "9" * 40, "0"])
def test_odd_bills_are_no_bills(client_of_parent, typed):
    assert client_of_parent.get(reverse("billing:pay"), {"bill": typed}).status_code == 302


def test_other_families_bills_and_payments_do_not_exist(client_of_parent, parent, school):
    foreign = issued_bill(StudentFactory(school=school))
    assert pay(client_of_parent, foreign).url == reverse("billing:home")

    other = sso_parent(by=registrar_of(school), email="eve@example.com", number=make_identity(905))
    theirs = begun([foreign], other)
    for name in ("payment", "payment-go"):
        assert client_of_parent.get(reverse(f"billing:{name}", args=[theirs.reference])).status_code == 404
    give_up = reverse("billing:payment-give-up", args=[theirs.reference])
    assert client_of_parent.post(give_up).status_code == 404


def test_an_old_password_is_asked_for_again(client_of_parent, bill):
    session = client_of_parent.session
    session[AUTHENTICATED_AT] = time.time() - 31 * 60
    session.save()

    asked = pay(client_of_parent, bill)
    assert asked.url.startswith(reverse("billing:password"))
    assert not Payment.objects.exists()

    wrong = client_of_parent.post(asked.url, {"password": "wrong"})
    assert "不正確" in wrong.content.decode()
    right = client_of_parent.post(asked.url, {"password": PASSWORD})
    assert right.url == f"{reverse('billing:pay')}?bill={bill.pk}"
    assert pay(client_of_parent, bill).url.startswith(reverse("billing:payments"))


def test_the_password_page_leads_nowhere_else(client_of_parent):
    address = reverse("billing:password") + "?next=https://evil.example/"

    assert client_of_parent.post(address, {"password": PASSWORD}).url == reverse("billing:home")


def test_the_result_page_asks_again_while_it_waits(client_of_parent, bill, parent):
    payment = begun([bill], parent)
    address = reverse("billing:payment", args=[payment.reference])
    assert client_of_parent.get(address)["Refresh"]

    take_notice(notice_of(payment))

    done = client_of_parent.get(address)
    assert "付款完成" in done.content.decode()
    assert "Refresh" not in done


def test_giving_up_frees_the_bill_and_money_still_counts(client_of_parent, bill, parent):
    payment = begun([bill], parent)
    client_of_parent.post(reverse("billing:payment-give-up", args=[payment.reference]))

    assert pay(client_of_parent, bill).status_code == 302
    take_notice(notice_of(payment))
    assert Bill.objects.get().state == Bill.State.PAID


def test_ecpays_page_is_the_only_place_its_form_may_go(client_of_parent, bill, parent, settings):
    settings.ECPAY_MERCHANT_ID, settings.ECPAY_HASH_KEY, settings.ECPAY_HASH_IV = "7", "k", "i"
    payment = begun([bill], parent, gateway="ecpay")

    page = client_of_parent.get(reverse("billing:payment-go", args=[payment.reference]))

    policy = page["Content-Security-Policy"]
    assert "form-action 'self' https://payment-stage.ecpay.com.tw" in policy
    assert (
        "csrfmiddlewaretoken" not in page.content.decode().partition("AioCheckOut")[2].partition("</form>")[0]
    )


# The callback


def facts(payment, **changes):
    return signed(
        {
            "merchant": "SANDBOX",
            "reference": payment.reference,
            "state": "paid",
            "amount": str(payment.amount),
            "at": timezone.now().isoformat(),
            **changes,
        }
    )


def call_back(fields, gateway="sandbox", **options):
    client = Client(enforce_csrf_checks=True)
    body = "&".join(f"{name}={value}" for name, value in fields.items()).replace("+", "%2B")
    options = {"content_type": "application/x-www-form-urlencoded", **options}
    return client.post(reverse("billing:callback", args=[gateway]), body, **options)


def test_a_callback_without_our_token_is_heard_and_answered(bill, parent):
    payment = begun([bill], parent)

    answers = [call_back(facts(payment)) for _repeat in range(3)]

    assert {(one.status_code, one.content) for one in answers} == {(200, b"1|OK")}
    assert Settlement.objects.count() == 1
    assert Message.objects.filter(kind="bill-paid").count() == 1


def test_a_callback_that_is_not_the_gateways_is_refused(bill, parent):
    payment = begun([bill], parent)
    true = facts(payment)

    refused = [
        call_back({**true, "amount": "1"}),
        call_back({**true, "signature": "0" * 64}),
        call_back({}),
        call_back({**facts(payment, merchant="OTHER")}),
        call_back(true, content_type="application/json"),
    ]

    assert {one.status_code for one in refused} == {400}
    assert not Settlement.objects.exists()


def test_a_callback_is_bounded_and_posted_only(bill, parent):
    payment = begun([bill], parent)

    assert call_back({**facts(payment), "x": "y" * 20_000}).status_code == 413
    assert call_back(facts(payment), gateway="nobody").status_code == 404
    assert call_back(facts(payment), gateway="ecpay").status_code == 404
    assert Client().get(reverse("billing:callback", args=["sandbox"])).status_code == 405


def test_only_the_callback_takes_a_form_without_our_token(client_of_parent, bill, parent):
    client = Client(enforce_csrf_checks=True)
    client.cookies = client_of_parent.cookies

    assert pay(client, bill).status_code == 403


# The sandbox's own pages


def test_the_sandbox_is_not_there_where_it_is_not_allowed(settings, client_of_parent, bill, parent):
    payment = begun([bill], parent)
    go = client_of_parent.get(reverse("billing:payment-go", args=[payment.reference]))
    address = go.context["way"].address.removeprefix(settings.SITE_URL)
    assert Client().get(address).status_code == 200

    settings.PAYMENT_SANDBOX = False

    assert Client().get(address).status_code == 404
    assert call_back(facts(payment)).status_code == 404


@pytest.mark.parametrize(
    ("telling", "count"),
    [("once", 1), ("repeated", 3), ("late", 1), ("never", 0), ("wrong_amount", 1), ("forged", 2)],
)
def test_the_sandbox_tells_as_chosen(client_of_parent, bill, parent, settings, telling, count):
    payment = begun([bill], parent)
    go = client_of_parent.get(reverse("billing:payment-go", args=[payment.reference]))
    address = go.context["way"].address.removeprefix(settings.SITE_URL)

    for _double_click in range(2):
        Client().post(address, {"result": "yes", "telling": telling})

    assert SandboxCallback.objects.count() == count
    assert SandboxTrade.objects.get().state == "paid"


# The cashier's desk


@pytest.fixture
def twice(bill, parent, cashier):
    """The bill was paid in cash while an online payment was on its way."""
    payment = begun([bill], parent)
    take_cash(bill=bill, amount=bill.amount, receipt="1", by=cashier)
    (settlement,) = take_notice(notice_of(payment))
    return settlement


def test_what_was_paid_twice_waits_in_the_queue_of_refunds(desk, press, twice):
    assert "重複" in desk("cashier-money").content.decode()
    due = Refund.objects.get()
    assert "尹書妍" in desk("cashier-refunds").content.decode()

    page = press("cashier-refund", due.pk, way="transfer", note="匯款 1")

    assert "已登記退款" in page.content.decode()
    assert "尹書妍" not in desk("cashier-refunds").content.decode()
    assert "尹書妍" in desk("cashier-refunds", state="done").content.decode()


def test_money_that_never_came_is_not_refunded(press, desk, twice):
    due = Refund.objects.get()
    assert "帳上其實沒有這筆錢" in desk("cashier-refund", due.pk).content.decode()
    assert "請寫下" in press("cashier-refund-withdraw", due.pk, reason="").content.decode()

    for _double_click in range(2):
        page = press("cashier-refund-withdraw", due.pk, reason="對帳單沒有這一筆")

    assert "這筆退款已經處理" in page.content.decode()
    assert Refund.objects.get().state == Refund.State.WITHDRAWN
    assert "不必退款" in desk("cashier-refunds", state="done").content.decode()


def test_a_refund_wants_a_way_and_a_note_without_numbers(press, twice):
    due = Refund.objects.get()

    assert "請選擇退款方式" in press("cashier-refund", due.pk, note="x").content.decode()
    page = press("cashier-refund", due.pk, way="cash", note="A123456789")
    assert "身分證" in page.content.decode()
    assert Refund.objects.get().state == Refund.State.REFUND_DUE


def test_stray_money_is_resolved_with_a_reason(desk, press, bill, parent):
    (stray,) = take_notice(notice_of(begun([bill], parent), amount=1))
    assert "金額和繳費單不同" in desk("cashier-work").content.decode()

    assert "請寫下" in press("cashier-resolve", stray.pk, what="refund").content.decode()
    wrong = press("cashier-resolve", stray.pk, what="bill", code=bill.write_off_number, reason="x")
    assert "金額不同" in wrong.content.decode()
    press("cashier-resolve", stray.pk, what="refund", reason="家長輸入錯誤")

    assert Refund.objects.get().why == "家長輸入錯誤"
    again = press("cashier-resolve", stray.pk, what="refund", reason="x")
    assert "已經有人處理" in again.content.decode()


def test_cash_at_the_counter(press, bill):
    typed = {"code": bill.write_off_number, "amount": bill.amount, "account": "cash", "receipt": "A1"}

    assert "不能收這筆" in press("cashier-cash", **{**typed, "amount": 1}).content.decode()
    assert "沒有這個銷帳編號" in press("cashier-cash", **{**typed, "code": "1"}).content.decode()
    assert "已收款銷帳" in press("cashier-cash", **typed).content.decode()
    assert Bill.objects.get().state == Bill.State.PAID


def test_a_collection_file_is_taken_once(press, desk, bill):
    data = store_file([(bill.write_off_number, bill.amount), ("404", 7)])

    def upload():
        file = SimpleUploadedFile("超商.txt", data)
        return press("cashier-collections", profile="store", file=file).content.decode()

    assert "檔案共 2 筆" in upload()
    assert "已經匯入過" in upload()
    assert Settlement.objects.count() == 2
    assert (
        "找不到"
        in desk("cashier-collection", CollectionFile.objects.get().pk, state="unknown").content.decode()
    )


def test_a_file_that_is_not_one_is_refused_beside_the_field(press, school):
    file = SimpleUploadedFile("x.txt", b"hello")
    page = press("cashier-collections", profile="store", file=file).content.decode()

    assert "第 1 行" in page
    assert not Settlement.objects.exists()


def test_the_days_end_equals_the_ledger(desk, cashier, school, twice):
    page = desk("cashier-day")
    report = page.context["report"]
    assert report.came == 2 * twice.amount
    assert sum(one.after for one in report.balances) == 0

    client = log_in(Client(), cashier)
    for form in ("xlsx", "pdf"):
        answer = client.post(reverse("billing:cashier-day-export", args=[school.slug, form]))
        assert answer.status_code == 200
        assert answer.content[:2] == {"xlsx": b"PK", "pdf": b"%P"}[form]


@pytest.mark.parametrize("typed", ["", "x", "115/13/01", "0000-00-00", "1150101"])
def test_odd_days_are_today(desk, typed):
    assert desk("cashier-day", day=typed).status_code == 200


def test_another_schools_money_does_not_exist(desk, press):
    foreign = issued_bill()
    other = cashier_of(foreign.school)
    money = take_cash(bill=foreign, amount=foreign.amount, receipt="1", by=other)

    assert desk("cashier-resolve", money.pk).status_code == 404
    assert str(foreign.write_off_number) not in desk("cashier-settlements").content.decode()
    page = press("cashier-cash", code=foreign.write_off_number, amount=1, account="cash", receipt="1")
    assert "沒有這個銷帳編號" in page.content.decode()


def test_constant_queries(
    desk, school, school_class, parent, client_of_parent, bill, django_assert_max_num_queries
):
    for n in range(12):
        take_notice(notice_of(begun([issued_bill(bill.student, amount=n + 1)], parent), amount=99))
    for name in (
        "cashier-money",
        "cashier-settlements",
        "cashier-work",
        "cashier-refunds",
        "cashier-collections",
    ):
        with django_assert_max_num_queries(14):
            assert desk(name).status_code == 200
    with django_assert_max_num_queries(14):
        assert desk("cashier-day").status_code == 200
    for address in ("home", "payments"):
        with django_assert_max_num_queries(12):
            assert client_of_parent.get(reverse(f"billing:{address}")).status_code == 200
