"""The registrar uploads a roster, sees what it would change, applies it or leaves."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from audit.models import Event
from registry.models import RosterImport, Student
from registry.roster import AlreadyDecided, apply_import, import_roster, keep_for_preview
from tests.accounts.factories import log_in, registrar_of
from tests.registry.factories import SchoolFactory, StudentFactory, make_identity
from tests.registry.test_roster import file_of, row

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return SchoolFactory()


@pytest.fixture
def registrar(client, school):
    user = registrar_of(school)
    log_in(client, user)
    return user


def upload(client, school, data, follow=True):
    files = {"file": SimpleUploadedFile("名冊.csv", data)} if data is not None else {}
    return client.post(reverse("registry:roster-import", args=[school.slug]), files, follow=follow)


def press(client, school, name, kept):
    return client.post(reverse(f"registry:roster-{name}", args=[school.slug, kept.pk]), follow=True)


def test_a_good_file_is_shown_before_it_is_written(client, school, registrar):
    import_roster(school=school, data=file_of(row(1), row(2), row(3)), by=None)
    data = file_of(
        row(1), row(2, name="王小朋", id=make_identity(77)), row(4, **{"class": "302", "teacher": "t302"})
    )

    page = upload(client, school, data).content.decode()

    assert "王小明</del> → <ins>王小朋" in page
    assert make_identity(77) not in page
    assert "10630003" in page, "missing from the file"
    assert "10630004" in page, "new"
    assert Student.objects.count() == 3
    assert RosterImport.objects.get().counts == {"new": 1, "changed": 1, "unchanged": 1, "missing": 1}


def test_applying_writes_it_once_and_lets_the_file_go(
    client, school, registrar, django_capture_on_commit_callbacks
):
    upload(client, school, file_of(row(1), row(2)))
    kept = RosterImport.objects.get()
    storage, name = kept.file.storage, kept.file.name

    with django_capture_on_commit_callbacks(execute=True):
        first = press(client, school, "apply", kept)
    second = press(client, school, "apply", kept)

    assert "新增 2 人" in first.content.decode()
    assert "已經處理過了" in second.content.decode()
    assert Student.objects.count() == 2
    assert not storage.exists(name)
    assert Event.objects.get(event="roster.imported").actor_label == f"{school.slug}/registrar"


def test_leaving_changes_nothing(client, school, registrar):
    upload(client, school, file_of(row(1)))
    kept = RosterImport.objects.get()

    press(client, school, "leave", kept)

    kept.refresh_from_db()
    assert (kept.state, Student.objects.count()) == (RosterImport.State.LEFT, 0)
    assert press(client, school, "apply", kept).status_code == 200
    assert not Student.objects.exists()


def test_what_the_registry_no_longer_allows_is_named_again(client, school, registrar):
    upload(client, school, file_of(row(1)))
    StudentFactory(identity_number=make_identity(1))

    page = press(client, school, "apply", RosterImport.objects.get()).content.decode()

    assert "另一所學校" in page
    assert RosterImport.objects.get().is_open


def test_the_kept_file_is_unreadable_at_rest(client, school, registrar):
    upload(client, school, file_of(row(1)))

    kept = RosterImport.objects.get()
    with kept.file.open("rb") as stored:
        assert make_identity(1).encode() not in stored.read()
    assert make_identity(1).encode() in kept.read()


def test_a_bad_file_is_shown_row_by_row_and_not_kept(client, school, registrar):
    page = upload(client, school, file_of(row(1, seat="x"))).content.decode()

    assert "名冊有 1 個地方要修正，沒有寫入任何資料" in page
    assert "座號應該是 1 到 99 的數字" in page
    assert not RosterImport.objects.exists()


@pytest.mark.parametrize(("data", "words"), [(None, "請選擇名冊檔案"), (b"", "這個檔案是空的")])
def test_no_file_is_asked_for(client, school, registrar, data, words):
    assert words in upload(client, school, data).content.decode()


def test_a_thousand_errors_are_counted_and_the_first_are_shown(client, school, registrar):
    page = upload(client, school, file_of(*[row(n, birth="?") for n in range(1, 99)] * 4)).content.decode()

    assert "這裡列出前 200 個" in page


def test_another_schools_import_does_not_exist(client, school, registrar):
    stranger = SchoolFactory()
    data = file_of(row(1))
    theirs = keep_for_preview(school=stranger, data=data, name="x.csv", counts={}, by=registrar_of(stranger))

    for name in ("apply", "leave"):
        assert press(client, school, name, theirs).status_code == 404
    assert client.get(reverse("registry:roster-preview", args=[school.slug, theirs.pk])).status_code == 404


def test_an_import_is_decided_once(school, registrar):
    kept = keep_for_preview(school=school, data=file_of(row(1)), name="x.csv", counts={}, by=registrar)
    apply_import(roster_import=kept, by=registrar)

    with pytest.raises(AlreadyDecided):
        apply_import(roster_import=kept, by=registrar)


@pytest.mark.parametrize("size", [5, 60])
def test_preview_costs_the_same_queries_whatever_the_size(
    client, school, registrar, django_assert_max_num_queries, size
):
    import_roster(school=school, data=file_of(*[row(n) for n in range(1, size + 1)]), by=None)
    upload(client, school, file_of(*[row(n, name="王小朋") for n in range(1, size + 1)]))
    address = reverse("registry:roster-preview", args=[school.slug, RosterImport.objects.get().pk])

    with django_assert_max_num_queries(13):
        response = client.get(address)

    assert response.status_code == 200
