"""The registrar prints: one class at once, a school through the worker."""

import datetime
import io
import zipfile

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from audit.models import Event
from core.printing import batches
from core.states import InvalidMove
from registry.models import PaperFormBatch
from registry.paper_forms import printing, typesetting
from tests.accounts.factories import log_in, registrar_of
from tests.registry.factories import SchoolClassFactory, SchoolFactory, StudentFactory, finished_batch, requested_batch
from tests.support.printed import pages_of, text_of
from tests.support.words import words_of

pytestmark = pytest.mark.django_db

State = PaperFormBatch.State
NAME = "尹書妍"


@pytest.fixture
def school():
    school = SchoolFactory(short_name="二代高中")
    for name in ("301", "302"):
        fill(SchoolClassFactory(school=school, name=name))
    return school


def fill(school_class, size=3):
    for seat in range(1, size + 1):
        StudentFactory(school=school_class.school, school_class=school_class, seat_number=seat)


@pytest.fixture
def registrar(client, school):
    user = registrar_of(school)
    log_in(client, user)
    return user


def next_weekday(number):
    """The first day of this number (Monday is 0) after a week."""
    day = timezone.localdate() + datetime.timedelta(days=7)
    return day + datetime.timedelta(days=(number - day.weekday()) % 7)


def press(client, school, *, classes=(), scope="classes", **fields):
    typed = {"language": "vi", "return_on": next_weekday(0), "scope": scope}
    chosen = [school.classes.get(name=name).pk for name in classes]
    return client.post(reverse("registry:forms", args=[school.slug]), {**typed, "classes": chosen, **fields})


def open_batch(client, batch, name="forms-batch"):
    return client.get(reverse(f"registry:{name}", args=[batch.school.slug, batch.pk]))


def work():
    call_command("db_worker", "--batch", "--no-startup-delay", "--interval", "0", "--verbosity", "0")


class TestPage:
    def test_offers_classes_with_students_and_the_deadline(self, client, school, registrar):
        SchoolClassFactory(school=school, name="399")
        fill(SchoolClassFactory(name="888"))
        school.binding_deadline = timezone.localdate() + datetime.timedelta(days=5)
        school.save()

        page = client.get(reverse("registry:forms", args=[school.slug])).content.decode()

        assert "301（3 人）" in page
        assert "399" not in words_of(page), "nobody is in it"
        assert "888" not in words_of(page), "another school's"
        assert f'value="{school.binding_deadline:%Y-%m-%d}"' in page
        assert "製作全校（6 人）" in page

    @pytest.mark.parametrize("deadline", [None, datetime.date(2020, 9, 14)])
    def test_without_a_deadline_ahead_proposes_two_weeks(self, client, school, registrar, deadline):
        school.binding_deadline = deadline
        school.save()

        page = client.get(reverse("registry:forms", args=[school.slug])).content.decode()

        day = timezone.localdate() + datetime.timedelta(days=14)
        day += datetime.timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))
        assert f'value="{day:%Y-%m-%d}"' in page

    @pytest.mark.parametrize(("weekday", "word"), [(5, "星期六"), (6, "星期日")])
    def test_a_day_off_is_said_beside_the_field_and_taken_when_meant(self, client, school, registrar, weekday, word):
        day = next_weekday(weekday)

        page = press(client, school, classes=["301"], return_on=day).content.decode()

        assert f"這一天是{word}，學校放假。" in page
        assert f'name="day_off" value="{day:%Y-%m-%d}"' in page
        meant = press(client, school, classes=["301"], return_on=day, day_off=f"{day:%Y-%m-%d}")
        assert meant["Content-Type"] == "application/pdf"

    def test_a_deadline_on_a_day_off_is_said_before_the_first_press(self, client, school, registrar):
        school.binding_deadline = next_weekday(5)
        school.save()

        page = client.get(reverse("registry:forms", args=[school.slug])).content.decode()

        assert "這一天是星期六，學校放假。" in page

    def test_an_empty_school_is_sent_to_the_roster(self, client):
        school = SchoolFactory()
        log_in(client, registrar_of(school))

        assert "請先匯入名冊" in client.get(reverse("registry:forms", args=[school.slug])).content.decode()
        assert "請先匯入名冊" in press(client, school, scope="school").content.decode()

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({}, "請至少選取一個班級"),
            ({"return_on": "2020-01-01"}, "這一天已經過了"),
            ({"return_on": ""}, "請填繳回日期"),
            ({"return_on": "9/14"}, "日期格式無法辨識"),
            ({"scope": ""}, "請按「製作選取的班級」"),
        ],
    )
    def test_says_what_is_missing_and_keeps_the_rest(self, client, school, registrar, typed, words):
        page = press(client, school, **typed).content.decode()

        assert words in page
        assert '<option value="vi" selected>' in page
        assert not PaperFormBatch.objects.exists()

    def test_another_schools_class_cannot_be_chosen(self, client, school, registrar):
        theirs = SchoolClassFactory(name="777")
        fill(theirs)

        typed = {"language": "vi", "return_on": timezone.localdate(), "scope": "classes", "classes": [theirs.pk]}
        page = client.post(reverse("registry:forms", args=[school.slug]), typed).content.decode()

        assert "已經不在名單上" in page

    @pytest.mark.parametrize("size", [1, 8])
    def test_costs_the_same_queries_whatever_there_is(
        self, client, school, registrar, django_assert_max_num_queries, size
    ):
        for n in range(size):
            day = timezone.localdate() + datetime.timedelta(days=n + 1)
            classes = [school.classes.get(name="301"), school.classes.get(name="302")]
            requested_batch(school, by=registrar, classes=classes, return_on=day)
            fill(SchoolClassFactory(school=school))

        with django_assert_max_num_queries(9):
            client.get(reverse("registry:forms", args=[school.slug]))


class TestOneClass:
    def test_downloads_at_once(self, client, school, registrar):
        response = press(client, school, classes=["301"])

        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"] == (
            "attachment; filename*=utf-8''%E7%94%B3%E8%AB%8B%E6%9B%B8-301-Ti%E1%BA%BFng%20Vi%E1%BB%87t.pdf"
        )
        assert response["Cache-Control"] == "private, no-store"
        assert pages_of(response.content) == 3
        assert "phụ huynh" in text_of(response.content)
        assert not PaperFormBatch.objects.exists()

    def test_leaves_out_who_is_not_enrolled(self, client, school, registrar):
        school.students.filter(school_class__name="301", seat_number=2).update(status="left", name="已離校")

        response = press(client, school, classes=["301"])

        assert pages_of(response.content) == 2
        assert "已離校" not in text_of(response.content)

    def test_is_in_the_event_log(self, client, school, registrar):
        press(client, school, classes=["301"])

        event = Event.objects.get(event="paper_forms.printed")
        assert event.data == {"class": "301", "forms": 3, "language": "vi"}
        assert event.actor_label == f"{school.slug}/registrar"

    @pytest.mark.parametrize("size", [2, 30])
    def test_costs_the_same_queries_whatever_the_size(
        self, client, school, registrar, django_assert_max_num_queries, size
    ):
        fill(SchoolClassFactory(school=school, name="303"), size)

        with django_assert_max_num_queries(12):
            assert press(client, school, classes=["303"]).status_code == 200


class TestWholeSchool:
    @pytest.mark.django_db(transaction=True)
    def test_goes_to_the_worker_and_comes_back_as_a_zip(self, client, school, registrar):
        waiting = client.get(press(client, school, scope="school").url)
        work()
        batch = PaperFormBatch.objects.get()
        ready = open_batch(client, batch)
        download = open_batch(client, batch, "forms-file")

        assert waiting.context["watch"] == 3
        assert "0 / 6" in waiting.content.decode()
        assert ready.context["watch"] is None
        assert "下載（ZIP" in ready.content.decode()
        assert (batch.state, batch.done, batch.total) == (State.READY, 6, 6)
        assert (
            "%E4%BA%8C%E4%BB%A3%E9%AB%98%E4%B8%AD-Ti%E1%BA%BFng%20Vi%E1%BB%87t.zip" in download["Content-Disposition"]
        )
        with zipfile.ZipFile(io.BytesIO(download.content)) as archive:
            assert archive.namelist() == ["申請書-Tiếng Việt-301.pdf", "申請書-Tiếng Việt-302.pdf"]
            assert [pages_of(archive.read(name)) for name in archive.namelist()] == [3, 3]
        assert [one.event for one in Event.objects.filter(event__startswith="paper_forms")] == [
            "paper_forms.ready",
            "paper_forms.requested",
        ]

    def test_several_classes_are_those_alone(self, client, school, registrar):
        fill(SchoolClassFactory(school=school, name="303"))

        press(client, school, classes=["301", "303"])
        printing.set_batch.func(PaperFormBatch.objects.get().pk)

        with zipfile.ZipFile(io.BytesIO(PaperFormBatch.objects.get().read())) as archive:
            assert archive.namelist() == ["申請書-Tiếng Việt-301.pdf", "申請書-Tiếng Việt-303.pdf"]

    def test_the_file_is_unreadable_at_rest(self, school, registrar):
        batch = finished_batch(school, by=registrar)

        with batch.file.open("rb") as stored:
            assert not stored.read().startswith(b"PK")
        assert batch.read().startswith(b"PK")

    def test_the_same_wish_twice_is_one_batch(self, client, school, registrar):
        first = press(client, school, classes=["301", "302"])
        second = press(client, school, classes=["302", "301"])
        other = press(client, school, scope="school")

        assert first.url == second.url != other.url
        assert DBTaskResult.objects.count() == 2

    def test_a_task_run_twice_does_no_harm(self, school, registrar):
        batch = finished_batch(school, by=registrar)

        printing.set_batch.func(batch.pk)

        again = PaperFormBatch.objects.get()
        assert (again.file.name, again.done, again.attempt) == (batch.file.name, 6, 1)

    def test_a_task_whose_batch_is_gone_ends(self):
        printing.set_batch.func(99)

    def test_names_what_cannot_be_printed(self, client, school, registrar):
        school.students.filter(seat_number=1).update(name="陳𠮷安")

        batch = requested_batch(school, by=registrar)

        assert batch.missing == "𠮷"
        assert "字型沒有這些字：𠮷" in open_batch(client, batch).content.decode()

    def test_another_schools_batch_does_not_exist(self, client, school, registrar):
        other = SchoolFactory()
        fill(SchoolClassFactory(school=other))
        theirs = finished_batch(other, by=registrar_of(other))

        for name in ("forms-batch", "forms-file"):
            address = reverse(f"registry:{name}", args=[school.slug, theirs.pk])
            assert client.get(address).status_code == 404
        assert client.post(reverse("registry:forms-again", args=[school.slug, theirs.pk])).status_code == 404

    def test_page_costs_the_same_queries_whatever_the_size(
        self, client, school, registrar, django_assert_max_num_queries
    ):
        batch = requested_batch(school, by=registrar, classes=school.classes.all())

        with django_assert_max_num_queries(8):
            open_batch(client, batch)


class TestFailure:
    @pytest.fixture
    def broken(self, monkeypatch):
        def fail(*args, **options):
            raise RuntimeError(f"{NAME} cannot be set")

        monkeypatch.setattr(typesetting, "set_forms", fail)

    def test_is_said_and_can_be_started_again(self, client, school, registrar, broken, monkeypatch, caplog):
        batch = finished_batch(school, by=registrar)
        shown = open_batch(client, batch)
        monkeypatch.undo()
        again = client.post(reverse("registry:forms-again", args=[school.slug, batch.pk]))
        printing.set_batch.func(batch.pk)

        assert batch.state == State.FAILED
        assert "這一批申請書沒有完成" in shown.content.decode()
        assert shown.context["watch"] is None
        assert NAME not in caplog.text
        assert again.url == reverse("registry:forms-batch", args=[school.slug, batch.pk])
        batch = PaperFormBatch.objects.get()
        assert (batch.state, batch.done, batch.attempt) == (State.READY, 6, 2)

    @pytest.mark.django_db(transaction=True)
    def test_no_traceback_is_kept_with_the_task(self, school, registrar, broken):
        requested_batch(school, by=registrar)

        work()

        result = DBTaskResult.objects.get()
        assert (result.status, result.traceback) == ("SUCCESSFUL", "")
        assert PaperFormBatch.objects.get().state == State.FAILED

    def test_a_worker_that_died_counts_as_failed_after_ten_minutes(self, client, school, registrar):
        batch = requested_batch(school, by=registrar)
        batches.begin(PaperFormBatch, pk=batch.pk)
        alive = open_batch(client, batch).content.decode()
        silent_since = timezone.now() - datetime.timedelta(minutes=11)
        PaperFormBatch.objects.update(progressed_at=silent_since)

        dead = open_batch(client, batch)
        client.post(reverse("registry:forms-again", args=[school.slug, batch.pk]))

        assert "製作中" in alive
        assert "沒有完成" in dead.content.decode()
        assert dead.context["watch"] is None
        assert PaperFormBatch.objects.get().state == State.WAITING

    def test_a_dead_batch_does_not_stand_in_for_a_new_wish(self, school, registrar):
        dead = requested_batch(school, by=registrar)
        batches.begin(PaperFormBatch, pk=dead.pk)
        PaperFormBatch.objects.update(progressed_at=timezone.now() - datetime.timedelta(minutes=11))

        assert requested_batch(school, by=registrar) != dead

    def test_a_run_that_comes_back_to_life_changes_nothing(self, school, registrar):
        batch = requested_batch(school, by=registrar)
        slow = batches.begin(PaperFormBatch, pk=batch.pk)
        PaperFormBatch.objects.update(progressed_at=timezone.now() - datetime.timedelta(minutes=11))
        batches.start_again(batch=batch, task=printing.set_batch, by=registrar)
        batches.begin(PaperFormBatch, pk=batch.pk)

        with pytest.raises(batches.Replaced):
            batches.count_done(batch=slow, sheets=3)
        batches.finish(batch=slow, data=b"old")

        batch.refresh_from_db()
        assert (batch.state, batch.done, bool(batch.file)) == (State.RUNNING, 0, False)

    @pytest.mark.parametrize("make", [requested_batch, finished_batch])
    def test_what_is_at_work_or_done_is_not_started_again(self, client, school, registrar, make):
        batch = make(school, by=registrar)

        page = client.post(reverse("registry:forms-again", args=[school.slug, batch.pk]), follow=True).content.decode()

        assert "不需要重新製作" in page
        assert PaperFormBatch.objects.get().state == batch.state

    @pytest.mark.parametrize("state", State)
    @pytest.mark.parametrize("target", State)
    def test_moves_are_those_of_the_table(self, state, target):
        batch = PaperFormBatch(state=state)

        if target in PaperFormBatch.MOVES.get(state, ()):
            batch.set_state(target)
            assert batch.state == target
        else:
            with pytest.raises(InvalidMove):
                batch.set_state(target)


class TestSweeping:
    @pytest.fixture
    def old(self, school, registrar):
        batch = finished_batch(school, by=registrar)
        PaperFormBatch.objects.update(finished_at=timezone.now() - datetime.timedelta(hours=25))
        return batch

    def test_after_a_day_the_file_is_not_given_out(self, client, old):
        page = open_batch(client, old).content.decode()

        assert "已經自動刪除" in page
        assert open_batch(client, old, "forms-file").status_code == 404

    def test_the_nightly_command_removes_it(self, old, capsys, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            call_command("remove_printed_files")

        assert capsys.readouterr().out == "1 removed\n"
        assert not old.file.storage.exists(old.file.name)
        assert not PaperFormBatch.objects.get().file

    def test_so_does_the_next_request(self, old, school, registrar, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            requested_batch(school, by=registrar)

        assert not old.file.storage.exists(old.file.name)

    def test_a_file_of_today_stays(self, school, registrar):
        batch = finished_batch(school, by=registrar)

        call_command("remove_printed_files")

        assert batch.file.storage.exists(batch.file.name)
