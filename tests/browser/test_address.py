"""A parent mistypes the address, is asked, confirms the mailbox, and mends what the teacher hands back."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from binding.actions import application as actions
from binding.models import Applicant, Application
from review.decisions import return_for_changes
from tests.accounts.factories import log_in, teacher_of
from tests.binding.factories import Kind, answered_family
from tests.browser.conftest import DESK
from tests.browser.people import student_of
from tests.flows.walker import letters_to
from tests.registry.factories import make_identity

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def enter(walking, user, base):
    key = log_in(Client(), user).cookies[settings.SESSION_COOKIE_NAME].value
    walking.page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": base}])


@pytest.mark.parametrize("viewport", [{"width": 390, "height": 844}, DESK])
def test_a_parent_is_asked_confirms_and_mends(walker, live_server, school_class, viewport):
    student = student_of(school_class, 1)
    user = answered_family(student)
    actions.choose_kind(student=student, kind=Kind.ONE_PARENT, by=user)
    walking = walker(viewport)
    enter(walking, user, live_server.url)
    slug = student.school.slug

    walking.open(reverse("binding:applicant", args=[slug, 1]))
    walking.fill("申請人姓名", "蕭").tick("母親").fill("身分證統一編號", make_identity(7))
    walking.fill("手機", "0912345678").fill("電子郵件", "hua@gmial.com").fill("再輸入一次電子郵件", "hua@gmial.com")
    walking.press("下一步").reads("您是指 hua@gmail.com 嗎？").reads("請再看一次 3 個地方")
    walking.tick("改成 hua@gmail.com").press("下一步")
    walking.reads("hua@gmail.com").reads(make_identity(7)).reads("0912-345-678")
    walking.press("確認送出").reads(make_identity(7)).press("送出申請").reads("請打開信裡的連結")
    walking.follow("查看申辦情形，或修正、撤回").reads("信箱尚未確認")

    link = re.search(r"http\S+token=\S+", letters_to("hua@gmail.com")[0].body)[0]
    stranger = walker(viewport)
    stranger.open(link).reads("這是您的信箱嗎？").press("這不是我").reads("已記下這不是您的申請")
    walking.open(reverse("binding:tasks", args=[slug])).reads("的收信人表示沒有申請")
    walking.open(reverse("binding:sign", args=[slug]))
    stranger.open(link).press("是我的信箱").reads("信箱已確認")

    desk = walker(DESK)
    teacher = teacher_of(school_class)
    enter(desk, teacher, live_server.url)
    desk.open(reverse("review:class", args=[slug, school_class.pk])).reads("信箱已確認")
    desk.open(reverse("review:application", args=[slug, Application.objects.get().pk])).reads("信箱已確認")
    return_for_changes(
        applicant=Applicant.objects.get(), reason="姓名和手機與申請書不同", fields=["name", "mobile"], revision=1,
        by=teacher,
    )  # fmt: skip

    walking.open(reverse("binding:applicant", args=[slug, 1])).reads("姓名和手機與申請書不同")
    walking.press("送出修正").reads("請修正 2 個地方")
    walking.fill("申請人姓名", "蕭小華").tick("我確認原來的手機正確").press("送出修正").reads("已更新")
    walking.open(reverse("binding:history", args=[slug])).reads("修改申請人姓名").reads("確認原來的手機正確")
    walking.open(reverse("binding:applicant", args=[slug, 1])).reads("蕭小華")
