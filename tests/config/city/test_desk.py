"""The desk of the city: what waits, schools, mails, work of the worker, texts, keys."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver, reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.login_flow import home_of
from billing.api.models import WebhookDelivery
from config.city.jobs import JOBS
from consent.comparing import differences, languages_lost
from consent.models import ConsentText
from notifications.models import Message
from oidc import keys
from oidc.models import Client as Service
from oidc.models import SigningKey
from registry.models import School
from registry.schools.reading import build_list
from tests.accounts.factories import city_admin, log_in, registrar_of, staff
from tests.billing.api.receivers import webhook_of
from tests.billing.money import issued_bill
from tests.binding.bound import bound
from tests.binding.factories import answered_family
from tests.notifications.factories import message
from tests.oidc.factories import client_of
from tests.registry.factories import SchoolFactory, StudentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    user = city_admin()
    log_in(client, user)
    return user


def page(client, name, *args, **query):
    return client.get(reverse(f"city:{name}", args=args), query).content.decode()


def failed_job(path="registry.tasks.apply_roster_import", **fields):
    return DBTaskResult.objects.create(
        **{
            "task_path": path, "status": "FAILED", "args_kwargs": {"args": ["A123456789"], "kwargs": {}}, "backend_name": "default",
            "run_after": timezone.now(), "exception_class_path": "django.db.utils.IntegrityError", "traceback": "A123456789", **fields,
        }
    )  # fmt: skip


class TestHome:
    def test_says_what_waits(self, client, admin):
        SchoolFactory(is_active=False)
        message(state="dead")
        failed_job()

        shown = page(client, "home")

        assert "另有 1 所未開放" in shown

        assert "1 封無法寄送，0 封被退回" in shown
        assert "1 項失敗" in shown
        assert "還沒有金鑰" in shown

    def test_all_well(self, client, admin):
        keys.make_first()

        shown = page(client, "home")

        assert "都寄出了" in shown
        assert "沒有失敗" in shown

    @pytest.mark.parametrize("many", [1, 30])
    def test_costs_the_same_however_large_the_city(self, client, admin, many, django_assert_max_num_queries):
        for _one in range(many):
            SchoolFactory()
            message(state="dead")
        page(client, "home")

        with django_assert_max_num_queries(17):
            page(client, "home")

    def test_is_nobody_elses(self, client):
        log_in(client, staff(None, account="clerk"))

        assert client.get(reverse("city:home")).status_code == 404


class TestSchools:
    def test_are_found_by_name_code_district_and_state(self, client, admin):
        first = SchoolFactory(name="臺北市立仁愛國民中學", code="313501", district="大安區")
        second = SchoolFactory(name="臺北市立大同高級中學", code="313502", district="中山區", is_active=False)

        def found(q="", **query):
            place = reverse("city:schools")
            asked = {"listing": "schools", "q": q, **query}
            answer = client.post(place, asked, follow=True) if q else client.get(place, query)
            shown = answer.content.decode()
            return [one.pk for one in (first, second) if one.name in shown]

        assert found() == [first.pk, second.pk]
        assert found(q="仁愛") == [first.pk]
        assert found(q="313502") == [second.pk]
        assert found(q="臺北 大同") == [second.pk]
        assert found(district="大安區") == [first.pk]
        assert found(state="closed") == [second.pk]
        assert found(q="無此校") == []

    @pytest.mark.parametrize("many", [2, 45])
    def test_cost_the_same_however_many(self, client, admin, many, django_assert_max_num_queries):
        for _one in range(many):
            StudentFactory(school=SchoolFactory())

        with django_assert_max_num_queries(8):
            page(client, "schools")

    def test_closing_asks_says_how_many_and_shuts_the_door(self, client, admin):
        student = StudentFactory()
        place = reverse("city:school-switch", args=[student.school_id])

        assert "1 位學生的家庭" in client.get(place).content.decode()
        assert client.get(reverse("accounts:login", args=[student.school.slug])).status_code == 200
        client.post(place)

        assert client.get(reverse("accounts:login", args=[student.school.slug])).status_code == 404
        client.post(place, {"is_active": "on"})
        assert client.get(reverse("accounts:login", args=[student.school.slug])).status_code == 200

    def test_a_list_is_uploaded_looked_at_survives_a_reload_and_is_written(self, client, admin):
        school = SchoolFactory(name="臺北市立舊名國民中學")
        data = build_list([School(**{**school_values(school), "name": "臺北市立新名國民中學"})])

        response = client.post(reverse("city:school-file"), {"file": SimpleUploadedFile("x.xlsx", data)})
        shown = [client.get(response.url).content.decode() for _reload in range(2)]
        done = client.post(response.url, {"apply": "1"}, follow=True).content.decode()
        again = client.post(response.url, {"apply": "1"}, follow=True).content.decode()

        assert all("臺北市立舊名國民中學 → 臺北市立新名國民中學" in one for one in shown)
        assert "已新增 0 所、更新 1 所學校" in done
        assert "這份名單已經處理過了" in again
        school.refresh_from_db()
        assert school.name == "臺北市立新名國民中學"

    def test_a_list_with_errors_writes_nothing_and_names_them(self, client, admin):
        data = "學校代碼,校名\n999,新學校\n".encode()

        shown = client.post(reverse("city:school-file"), {"file": SimpleUploadedFile("x.csv", data)}).content.decode()

        assert "名單有 5 個地方要修正" in shown
        assert "新學校必填" in shown

    def test_no_file_is_said(self, client, admin):
        assert "請選擇名單檔案" in client.post(reverse("city:school-file"), {"file": ""}).content.decode()


def school_values(school):
    return {field.name: getattr(school, field.name) for field in School._meta.concrete_fields}


class TestMails:
    def test_only_those_that_failed_with_a_hint_of_the_address(self, client, admin):
        school = SchoolFactory()
        message(to="wangming@gmial.com", state="dead", school_id=school.pk, last_error="550")
        message(to="other@example.com", state="queued")

        shown = page(client, "mails")

        assert "w•••g@gmial.com" in shown
        assert "wangming@" not in shown
        assert "o•••r@" not in shown
        other = SchoolFactory()
        assert "w•••g@" in page(client, "mails", school=school.pk)
        assert "w•••g@" not in page(client, "mails", school=other.pk)

    def test_one_is_sent_again_and_a_secret_is_not(self, client, admin):
        plain = message(state="dead")
        secret = message(state="dead", is_sensitive=True, text="", html="")

        client.post(reverse("city:mail-again", args=[plain.pk]))

        plain.refresh_from_db()
        assert plain.state == Message.State.QUEUED
        assert client.post(reverse("city:mail-again", args=[secret.pk])).status_code == 404


class TestJobs:
    def test_say_what_failed_in_words_and_never_what_was_given_to_it(self, client, admin):
        failed_job()
        failed_job(status="RUNNING", started_at=timezone.now() - timedelta(hours=2))
        failed_job(status="SUCCESSFUL", task_path="registry.tasks.check_roster_import")

        shown = page(client, "jobs")

        assert '<th scope="row">匯入名冊' in shown
        assert "IntegrityError" in shown
        assert "超過一小時" in shown
        assert '<th scope="row">檢查名冊' not in shown
        assert "A123456789" not in shown

    def test_every_task_of_ours_has_words(self, settings):
        written_in = [
            file
            for file in settings.BASE_DIR.glob("*/**/*.py")
            if ".venv" not in file.parts and "tests" not in file.parts
        ]
        tasks = set()
        for file in written_in:
            lines = file.read_text(encoding="utf-8").splitlines()
            for number, line in enumerate(lines):
                if line.strip() in ("@task()", "@task"):
                    name = lines[number + 1].removeprefix("def ").partition("(")[0]
                    module = ".".join(file.relative_to(settings.BASE_DIR).with_suffix("").parts)
                    tasks.add(f"{module}.{name}")

        assert tasks == set(JOBS)


class TestTexts:
    def make(self, **fields):
        current = ConsentText.objects.current()
        values = {part: getattr(current, part) for part in ConsentText.PARTS}
        values |= {"body": current.body, "version": "999-1", "effective_on": timezone.localdate(), **fields}
        return ConsentText.objects.create(**values)

    def test_a_draft_says_who_reads_it_and_what_differs(self, client, admin):
        StudentFactory()
        draft = self.make(why="新的用途", body=ConsentText.objects.current().body + "\n新的一段")

        shown = page(client, "text", draft.pk)

        assert "還沒有回覆的 1 個家庭" in shown
        assert "<ins>新的一段</ins>" in shown
        assert "新的用途</ins>" in shown
        assert "<del>" in shown

    def test_says_before_publishing_whom_it_asks_and_whom_not(self, client, admin, django_assert_max_num_queries):
        StudentFactory()
        answered_family(StudentFactory())
        answered_family(StudentFactory(), answer="declined")
        student = StudentFactory()
        bound(student, registrar_of(student.school))
        draft = self.make()

        for name in ("text", "text-publish"):
            with django_assert_max_num_queries(14):
                shown = page(client, name, draft.pk)
            assert "還沒有回覆的 1 個家庭" in shown
            assert "已經回覆的 3 個家庭（同意 2、不同意 1）和已綁定的 1 位家長不會再問一次" in shown

    def test_says_which_language_is_lost(self, client, admin):
        draft = self.make()

        lost = languages_lost(ConsentText.objects.current(), draft)

        assert lost
        assert f"家長會看到中文：{'、'.join(lost)}" in page(client, "text-publish", draft.pk)

    def test_the_same_words_are_said_to_be_the_same(self, client, admin):
        assert "文字完全相同" in page(client, "text", self.make().pk)

    def test_what_is_removed_stands_before_what_came(self):
        old, new = ConsentText(body="甲\n乙\n丙"), ConsentText(body="甲\n丁\n丙")

        found = [one for one in differences(old, new) if one.kind != "same"]

        assert found == [("removed", "乙"), ("added", "丁")]

    def test_the_first_version_has_none_before(self, client, admin):
        assert "這是第一個版本" in page(client, "text", ConsentText.objects.order_by("effective_on", "pk").first().pk)


class TestKeys:
    def test_turning_asks_and_a_second_click_turns_no_second_time(self, client, admin):
        keys.make_first()
        first = SigningKey.objects.current().kid
        assert first in page(client, "keys-rotate")

        said = [
            client.post(reverse("city:keys-rotate"), {"kid": first}, follow=True).content.decode()
            for _twice in range(2)
        ]

        assert "已換用下一把金鑰" in said[0]
        assert "沒有再換一次" in said[1]
        assert SigningKey.objects.get(kid=first).state == SigningKey.State.RETIRED
        assert SigningKey.objects.count() == 3

    def test_a_stolen_one_is_served_no_longer(self, client, admin):
        keys.make_first()
        first = SigningKey.objects.current()

        client.post(reverse("city:keys-rotate"), {"kid": first.kid, "is_stolen": "on"})

        assert not SigningKey.objects.served().filter(pk=first.pk).exists()

    def test_without_keys_the_page_says_so(self, client, admin):
        assert "還沒有金鑰" in page(client, "services")
        assert "還沒有金鑰" in page(client, "keys-rotate")


def test_the_citys_staff_come_here_after_the_log_in(client, admin):
    assert home_of(admin) == reverse("city:home")
    assert get_resolver().resolve("/city/").view_name == "city:home"


class TestWebhooks:
    @pytest.fixture
    def webhook(self):
        return webhook_of(
            client_of("記帳", host="hooks.example.com", trust=Service.Trust.BILLS), "https://hooks.example.com/bills"
        )

    def test_what_did_not_arrive_is_told_on_the_home_and_beside_its_address(self, client, admin, webhook):
        bill = issued_bill()
        late = {"retry_until": timezone.now(), "body": {}}
        for kind, state in (("bill.issued", "dead"), ("bill.settled", "queued")):
            WebhookDelivery.objects.create(webhook=webhook, bill=bill, kind=kind, state=state, **late)

        assert "1 則沒有送達服務" in page(client, "home")
        assert "1 則等待送出" in page(client, "home")
        shown = page(client, "services")
        assert "https://hooks.example.com/bills" in shown
        found = client.get(
            reverse("admin:billing_webhookdelivery_changelist"),
            {"webhook__id__exact": webhook.pk, "state__exact": "dead"},
        )
        assert found.context["cl"].result_count == 1

    def test_without_any_the_page_says_where_they_are_registered(self, client, admin):
        assert "在管理後台的「繳費通知網址」登記" in page(client, "services")
