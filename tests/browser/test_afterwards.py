"""What comes after approval, in a browser: the registrar's pages, the link to an address, the parent's way out."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.passwords import change_password
from binding.actions.court_orders import enter_order
from binding.actions.custody import restrict
from binding.actions.email_correction import ask_to_correct_email
from binding.models import Binding
from notifications.models import Message
from registry.roles import Role
from tests.accounts.factories import PASSWORD, registrar_of, staff, teacher_of
from tests.binding.factories import MANDATE, Kind, approved_application, mandate_for, sent_application
from tests.browser.people import student_of, visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def registrar(school_class):
    return registrar_of(school_class.school)


@pytest.fixture
def both(school_class, registrar):
    student = student_of(school_class, 7, name="王小明", student_number="10630007")
    approved_application(teacher_of(school_class), student, kind=Kind.TWO_PARENTS)
    return list(Binding.objects.select_related("account__user", "student").order_by("pk"))


def test_the_registrars_pages(enter, school_class, registrar, both):
    school, today = school_class.school, timezone.localdate()
    bob, carol = both
    ask_to_correct_email(
        binding=bob, new_email="bob.wang@example.com", reason="申請時打錯一個字", proof="in_person", by=registrar
    )
    enter_order(
        binding=carol, number="115 年度家護字第 123 號", ordered_on=today, effective_on=today + timedelta(days=9),
        until=None, document=MANDATE, by=registrar,
    )  # fmt: skip
    order = carol.account.court_orders.get()
    mandate = mandate_for(bob.student, by=registrar)
    walking = enter(registrar)

    visit(
        walking, school, ["binding:bindings"], ["binding:binding", bob.pk], ["binding:binding", carol.pk],
        ["binding:binding", mandate.binding_id], ["binding:binding-address", bob.pk], ["binding:binding-court", bob.pk],
        ["binding:court-lift", order.pk], ["binding:delegate", bob.student_id],
        ["binding:delegation-prolong", mandate.binding_id], ["binding:custody", bob.student_id],
    )  # fmt: skip
    restriction = restrict(
        student=bob.student, document=MANDATE, document_on=today, starts_on=today, until=None, note="依裁定",
        by=registrar,
    )  # fmt: skip
    visit(
        walking, school, ["binding:custody", bob.student_id], ["binding:custody-lift", restriction.pk],
        ["registry:student", bob.student_id], ["review:class", school_class.pk], ["binding:binding-end", bob.pk],
    )  # fmt: skip
    walking.press("終止綁定").reads("請選擇終止的原因")
    walking.tick("綁定有誤")
    walking.press("終止綁定").reads("綁定已終止")


def test_two_members_of_staff_change_the_address_of_an_account_in_use(enter, school_class, registrar, both):
    change_password(user=both[0].account.user, password=PASSWORD)
    ask_to_correct_email(
        binding=Binding.objects.get(pk=both[0].pk), new_email="new@example.com", reason="原來的信箱不用了",
        proof="in_person", by=registrar,
    )  # fmt: skip
    walking = enter(staff(registrar.school, Role.SCHOOL_ADMIN, account="admin", name="學務主任"))

    walking.open(reverse("binding:addresses", args=[registrar.school.slug])).reads("new@example.com")
    walking.press("我也核對過，同意更正").reads("已同意")


def test_the_owner_of_the_new_address(enter, school_class, registrar, both):
    ask_to_correct_email(binding=both[0], new_email="new@example.com", reason="x", proof="in_person", by=registrar)
    link = re.search(r"/\S+/address/\?token=\S+", Message.objects.get(kind="address-verify").text).group()
    walking = enter(both[1].account.user)

    walking.open(link)
    walking.press("確認").reads("電子郵件已更正")
    walking.open(link).reads("這個連結不能用了")


def test_the_parents_way_out(enter, both):
    user = both[0].account.user
    user.set_password(PASSWORD)
    user.save()
    walking = enter(user)

    walking.open(reverse("binding:sso-home"))
    walking.page.get_by_role("link", name="解除綁定").click()
    walking.look()
    walking.fill("您的密碼", PASSWORD)
    walking.press("解除綁定").reads("已解除綁定")


def test_a_family_whose_data_are_hidden(enter, school_class, registrar):
    student, today = student_of(school_class, 8), timezone.localdate()
    application = sent_application(student, kind=Kind.GUARDIAN)
    restrict(student=student, document=MANDATE, document_on=today, starts_on=today, until=None, note="", by=registrar)

    visit(
        enter(application.started_by), school_class.school, ["binding:sign"], ["binding:applicant", 1],
        ["binding:evidence"],
    )  # fmt: skip
