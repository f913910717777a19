"""Mails are in their reader's language, whatever the language of the page they began on."""

import ast
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts import email_change, email_tokens, second_factor, sso_accounts
from accounts.languages import language_of
from accounts.models import User
from accounts.passwords import change_password
from billing.bills import instalments, reminders
from billing.bills.voiding import reissue, void_bill
from billing.collection import counter, refunding, resolving
from billing.payments.gateway_notices import take_notice
from billing.payments.gateways import Outcome
from billing.payments.models import Refund
from binding.actions.delegation import prolong
from binding.actions.ending import end_binding
from binding.actions.starting import send_account_mail
from binding.models import Application, Binding
from config import mail_samples
from config.mail_samples import CHILD, samples
from config.management.commands.draw_rooms import ROOMS
from notifications.mails import MAILS
from notifications.models import Message
from staff.accounts import send_link
from tests.accounts.factories import log_in, registrar_of, staff
from tests.billing.families import LEO, ZOE, bill_of, child_of, parent_of
from tests.billing.money import begun, cashier_of, notice_of
from tests.binding.factories import MANDATE, mandate_for
from tests.registry.factories import SchoolFactory

HAN = re.compile(r"[\u4e00-\u9fff]")
ENGLISH, CHINESE = "en", "zh-hant"
BOTH = pytest.mark.parametrize(("reader", "page"), [(ENGLISH, CHINESE), (CHINESE, ENGLISH)])


def readers_made():
    """(place, language) of each `Reader` that the project makes."""
    for room in ROOMS:
        for path in sorted(Path(settings.BASE_DIR, room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if getattr(getattr(node, "func", None), "id", "") == "Reader" and len(node.args) > 1:
                    yield f"{path.relative_to(settings.BASE_DIR)}:{node.lineno}", ast.unparse(node.args[1])


def test_every_mail_names_the_language_of_its_reader():
    readers = list(readers_made())

    assert len(readers) > 4
    for place, language in readers:
        assert not language.startswith(("get_language", "settings.")), place


def test_every_mail_is_english_or_chinese_as_a_whole():
    """What people are called and have written stays as it is."""
    data = [str(fact) for fact in vars(CHILD.school).values()]
    data += [CHILD.masked_name, *re.findall(r'"(.*?)"', Path(mail_samples.__file__).read_text())]
    data = sorted(filter(HAN.search, data), key=len, reverse=True)

    for english, chinese in zip(samples(ENGLISH), samples(CHINESE), strict=True):
        for part in (english.subject, english.text, english.html):
            assert not HAN.search(re.sub("|".join(map(re.escape, data)), "", part)), part
        assert all(HAN.search(part) for part in (chinese.subject, chinese.text, chinese.html))


def written_in(kind, to):
    """The one language of the mails of this kind to `to`."""
    mails = Message.objects.filter(kind=kind, to=to)
    (language,) = {ENGLISH if 'lang="en"' in mail.html else CHINESE for mail in mails}
    return language


@pytest.fixture
def zoe():
    return parent_of(ZOE)


@pytest.fixture
def child(zoe):
    parent_of(LEO)
    return child_of(ZOE, LEO)


def speaks(language):
    """What the family sent its application in; the mails of before are gone."""
    Application.objects.update(language=language)
    Message.objects.all().delete()


@pytest.mark.django_db
class TestBills:
    @BOTH
    def test_all_that_happens_to_a_bill(self, zoe, child, reader, page):
        cashier = cashier_of(child.school)
        bill, late, other = bill_of(child, days=2, issued_days_ago=9), bill_of(child, days=-1), bill_of(child)
        coded, again_open = bill_of(child), bill_of(child)
        speaks(reader)

        with translation.override(page):
            reminders.send_due()
            again = reissue(bill=other, items=[("x", 5)], due_on=bill.due_on, reason="x", by=cashier)
            void_bill(bill=again, reason="x", by=cashier)
            whole = bill_of(child)
            halves = [(whole.amount - 1, whole.due_on), (1, whole.due_on + timedelta(days=9))]
            instalments.split(bill=whole, parts=halves, reason="x", by=cashier)
            payment = begun([bill], zoe)
            take_notice(notice_of(begun([coded], zoe, method="store_code"), Outcome.CODE_ISSUED, code="GW1"))
            counter.take_cash(bill=bill, amount=bill.amount, receipt="1", by=cashier)
            take_notice(notice_of(payment))
            resolving.withdraw_refund(refund=Refund.objects.get(), reason="x", by=cashier)
            counter.reverse(payment=bill.settlements.get(state="applied").counter, reason="x", by=cashier)
            online = begun([again_open], zoe)
            wrong = counter.take_cash(bill=again_open, amount=again_open.amount, receipt="3", by=cashier)
            take_notice(notice_of(online))
            counter.reverse(payment=wrong.counter, reason="x", by=cashier)
            counter.take_cash(bill=late, amount=late.amount, receipt="2", by=cashier)
            refunding.refund(
                refund=refunding.give_back(bill=late, amount=late.amount, reason="x", by=cashier),
                way="cash",
                note="1",
                by=cashier,
            )

        kinds = {kind for kind, one in MAILS.items() if one.__module__.startswith("billing.")}
        for kind in kinds:
            assert written_in(kind, zoe.email) == reader
        assert set(Message.objects.values_list("kind", flat=True)) == kinds
        assert {'lang="en"' in mail.html for mail in Message.objects.all()} == {reader == ENGLISH}
        refunded = Message.objects.filter(kind="payment-refunded").first().text
        assert ("現金領回" in refunded) == (reader == CHINESE)

    def test_a_carers_is_the_one_of_the_own_application_or_the_one_chosen(self, child, zoe):
        granny = mandate_for(child, by=registrar_of(child.school)).binding.account.user
        assert language_of(granny) == CHINESE

        User.objects.filter(pk=granny.pk).update(language=ENGLISH)
        bill_of(child)
        Message.objects.all().delete()
        reminders.send_due(today=timezone.localdate() + timedelta(days=8))

        assert written_in("bill-due-soon", "granny@example.com") == ENGLISH
        assert written_in("bill-due-soon", zoe.email) == CHINESE


@pytest.mark.django_db
class TestBindings:
    @BOTH
    def test_all_that_happens_to_a_binding(self, zoe, child, reader, page):
        registrar = registrar_of(child.school)
        speaks(reader)

        with translation.override(page):
            mandate = mandate_for(child, by=registrar)
            prolong(
                binding=mandate.binding,
                starts_on=timezone.localdate() + timedelta(days=10),
                ends_on=timezone.localdate() + timedelta(days=90),
                document=MANDATE,
                by=registrar,
            )
            end_binding(binding=mandate.binding, reason=Binding.EndReason.DELEGATION_ENDED, by=registrar)
            end_binding(binding=Binding.objects.get(account__user=zoe), reason=Binding.EndReason.ASKED, by=registrar)

        for kind in ("delegation-given", "delegation-prolonged", "delegation-ended", "binding-ended"):
            assert written_in(kind, zoe.email) == reader
        for kind in ("delegation-started", "delegation-prolonged", "delegation-ended"):
            assert written_in(kind, "granny@example.com") == CHINESE
        ended = Message.objects.get(kind="binding-ended").text
        assert ("家長以書面申請解除" in ended) == (reader == CHINESE)

    @BOTH
    def test_one_more_child(self, zoe, child, reader, page):
        speaks(reader)

        with translation.override(page):
            send_account_mail(Binding.objects.filter(account__user=zoe).first(), is_new=False)

        assert written_in("child-added", zoe.email) == reader


@pytest.mark.django_db
class TestOwnAccounts:
    @BOTH
    def test_what_a_parent_is_told_of_the_own_account(self, zoe, child, reader, page):
        speaks(reader)

        with translation.override(page):
            change_password(user=zoe, password="another long one 7")
            email_tokens.send_code(zoe)
            email_tokens.send_reset(zoe, page)
            second_factor.reset(zoe, by=registrar_of(child.school))
            email_change.ask(user=zoe, new_email="new@example.com")
            sso_accounts.leave(user=zoe)

        for kind in ("password-changed", "sign-in-code", "password-reset", "second-factor-changed", "account-left"):
            assert written_in(kind, zoe.email) == reader
        assert written_in("own-address-verify", "new@example.com") == reader

    def test_an_address_that_is_taken_is_read_by_its_owner(self, zoe, child):
        speaks(ENGLISH)
        User.objects.filter(username=LEO["email"]).update(language=CHINESE)

        email_change.ask(user=zoe, new_email=LEO["email"])

        assert written_in("own-address-taken", LEO["email"]) == CHINESE

    def test_the_language_chosen_on_a_page_counts_from_then_on(self, zoe, child):
        client = Client()
        log_in(client, zoe)

        client.post(reverse("set_language"), {"language": ENGLISH})

        zoe.refresh_from_db()
        assert language_of(zoe) == ENGLISH
        assert Binding.objects.get(account__user=zoe).language == ENGLISH
        client.post(reverse("set_language"), {"language": "xx"})
        zoe.refresh_from_db()
        assert zoe.language == ENGLISH

    def test_staff_are_invited_in_chinese_from_an_english_page(self):
        school = SchoolFactory()
        admin, teacher = (
            staff(school, "school_admin", account="root"),
            staff(school, account="amy", email="amy@example.com"),
        )

        with translation.override(ENGLISH):
            send_link(user=teacher, by=admin)

        assert written_in("staff-invited", "amy@example.com") == CHINESE
