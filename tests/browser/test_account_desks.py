"""The helpdesk's and the school admin's pages in a browser, on phone and desk."""

import pytest
from django.urls import reverse

from registry.roles import Role
from staff import accounts as staff_actions
from staff import helpdesk, importing, table
from staff.models import StaffInvitation
from tests.accounts.factories import family_of, staff
from tests.browser.people import student_of, visit
from tests.notifications.factories import written

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_helpdesks_pages(enter, school_class):
    school = school_class.school
    student = student_of(school_class, 7, name="王小明", student_number="10630007")
    user = family_of(student)
    helper = staff(school, Role.HELPDESK, account="helpdesk", name="系統師")
    helpdesk.reset_portal_password(student=student, by=helper)
    user.set_password("one more quiet boat")
    user.save()
    written("portal-password-reset", student=student)
    walking = enter(helper)

    visit(walking, school, ["staff:helpdesk"], ["staff:helpdesk-family", student.pk])
    walking.open(reverse("staff:helpdesk", args=[school.slug]))
    walking.fill("學號、帳號、姓名，或家長的電子郵件", "1063").press("查詢").reads("P10630007")
    visit(walking, school, ["staff:helpdesk-reset", student.pk])
    walking.press("重設密碼").reads("已重設")


def test_the_school_admins_pages(enter, school_class):
    school = school_class.school
    admin = staff(school, Role.SCHOOL_ADMIN, account="principal", name="校長")
    teacher = staff(school, Role.HOMEROOM_TEACHER, account="t301", name="林淑芬", email="lin@example.com")
    data = "帳號,姓名,電子郵件,導師班級\nt302,陳老師,chen@example.com,301\nt301,林淑芬,lin@example.com,".encode()
    checked = table.check_file(data, school=school, by=admin)
    assert not checked.errors
    kept = importing.keep_for_preview(school=school, checked=checked, name="名單.csv", by=admin)
    staff_actions.send_link(user=teacher, by=admin)
    walking = enter(admin)

    visit(
        walking, school, ["staff:staff-accounts"], ["staff:staff-invite"], ["staff:staff-person", teacher.pk],
        ["staff:staff-person", admin.pk], ["staff:staff-file"], ["staff:staff-import", kept.pk],
    )  # fmt: skip
    walking.press("寄出邀請").reads("已邀請 1 人")


def test_the_page_of_an_invitation(enter, school_class):
    admin = staff(school_class.school, Role.SCHOOL_ADMIN, account="principal")
    user = staff(school_class.school, Role.CASHIER, account="c1", name="陳出納", email="c@example.com")
    _invitation, token = StaffInvitation.replace(user, by=admin)
    walking = enter(admin)
    place = reverse("staff:invitation", args=[school_class.school.slug])

    walking.open(f"{place}?token=x").reads("這個連結不能用了")
    walking.open(f"{place}?token={token}").reads("陳出納")
    for field in ("new_password", "confirmation"):
        walking.page.locator(f"[name={field}]").fill("seven quiet boats at noon")
    walking.press("設定密碼").reads("密碼已經設定")
