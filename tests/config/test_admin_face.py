"""The admin in the product's face: our tokens, years of the Republic, grouped numbers, and no deed that cannot be done."""

import re

import pytest
from django.contrib import admin
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django_tasks_db.models import DBTaskResult

from config import admin_values
from notifications.models import GoneAddress, Message
from registry.models import School
from tests.accounts.factories import city_admin, log_in
from tests.support.world import client_of

pytestmark = pytest.mark.django_db
WESTERN = re.compile(r"(?<![\w-])20\d\d(?:年|[-/]\d\d[-/])")
CAN_BE_DELETED = {"oidc.Service", "consent.ConsentText", "notifications.GoneAddress"}


@pytest.fixture
def city(client):
    user = city_admin()
    log_in(client, user)
    return user


def of_the_city(user):
    request = RequestFactory().get("/admin/")
    request.user = user
    return request


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def words_of(page):
    """What stands on it: no fields, scripts or attributes."""
    return strip_tags(re.sub(r"<(script|style|textarea)\b.*?</\1>", "", page.content.decode(), flags=re.DOTALL))


def job(**fields):
    return DBTaskResult.objects.create(
        task_path="registry.tasks.apply_roster_import", args_kwargs={"args": ["secret"], "kwargs": {}}, backend_name="default",
        run_after=timezone.now(), exception_class_path="builtins.ValueError", traceback="secret", **fields,
    )  # fmt: skip


def test_every_list_and_detail_counts_years_of_the_republic(world):
    office, user = client_of(world["people"]["city_admin"]), world["people"]["city_admin"]
    job(status="FAILED")
    seen, wrong = 0, set()
    for model, one in admin.site._registry.items():
        if not one.has_view_permission(of_the_city(user)):
            continue
        places = [address(model, "changelist")]
        if first := model.objects.first():
            places += [address(model, "change", first.pk), address(model, "history", first.pk)]
        for place in places:
            page = office.get(place)
            assert page.status_code == 200, place
            wrong |= {(place, found) for found in WESTERN.findall(words_of(page))}
            seen += 1

    assert seen > 60
    assert wrong == set()


def test_a_list_by_days_names_months_of_the_republic(world):
    page = words_of(client_of(world["people"]["city_admin"]).get(reverse("admin:binding_application_changelist")))

    assert re.search(r"\b11\d年\d+月|\d+月\d+日|\d+月 ?\d+日", page)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [("attempts", 2800, "2,800"), ("id", 2800, "2800"), ("state", "sent", "已寄出"), ("attempts", None, "-")],
)
def test_numbers_are_grouped_and_keys_are_not(name, value, words):
    assert admin_values.of_field(value, Message._meta.get_field(name), "-") == words


def test_the_library_asks_us_how_to_show_a_value(client, city):
    """In a list and in a detail: its functions are no promise to us."""
    GoneAddress.objects.create(email="x@example.com")
    today = f"{timezone.localdate().year - 1911}/{timezone.localdate():%m/%d}"

    assert today in words_of(client.get(address(GoneAddress, "changelist")))
    assert today in words_of(client.get(address(GoneAddress, "change", GoneAddress.objects.get().pk)))


def test_a_list_is_called_one(client, city):
    page = client.get(address(School, "changelist")).content.decode()

    assert "<h1>學校列表</h1>" in page
    assert "來修改" not in page


def test_the_index_offers_to_add_and_to_look(client, city):
    words = words_of(client.get(reverse("admin:index")))

    assert "新增" in words
    assert "檢視" in words
    assert "鏈結" not in words
    assert "Tasks Database Backend" not in words
    assert "背景工作" in words


def test_the_face_is_made_of_our_tokens_and_follows_the_system(client, city):
    page = client.get(reverse("admin:index")).content.decode()

    assert page.index("css/tokens.css") < page.index("admin_face/face.css")
    assert page.index("admin/css/base.css") < page.index("admin_face/face.css")
    assert "theme-toggle" not in page
    assert "dark_mode.css" not in page


def test_what_a_task_was_given_is_nobodys_to_read(client, city):
    one = job(status="FAILED")

    for page in (client.get(address(DBTaskResult, "changelist")), client.get(address(DBTaskResult, "change", one.pk))):
        assert "匯入名冊" in page.content.decode()
        assert "失敗" in page.content.decode()
        assert "secret" not in page.content.decode()
        assert "Task Result" not in page.content.decode()


def test_jobs_are_narrowed_by_their_state(client, city):
    job(status="FAILED")

    assert "匯入名冊" in words_of(client.get(address(DBTaskResult, "changelist"), {"status": "FAILED"}))
    assert "0 背景工作" in words_of(client.get(address(DBTaskResult, "changelist"), {"status": "READY"}))


def test_deleting_is_offered_only_where_it_can_be_done(world):
    """Whoever lets something be deleted says so here, and shows it."""
    office, request = client_of(world["people"]["city_admin"]), of_the_city(world["people"]["city_admin"])
    may = {model: one for model, one in admin.site._registry.items() if one.has_delete_permission(request)}
    assert {model._meta.label for model in may} == CAN_BE_DELETED

    for model, one in may.items():
        row = next(each for each in model.objects.all() if one.has_delete_permission(request, each))
        if "delete_selected" in one.get_actions(request):
            chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
            office.post(address(model, "changelist"), chosen)
        else:
            office.post(address(model, "delete", row.pk), {"post": "yes"})
        assert not model.objects.filter(pk=row.pk).exists(), model
