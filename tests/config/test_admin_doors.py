"""Pages that Django's admin brings along: each is the product's own or closed, and each write leaves an event."""

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.urls import NoReverseMatch, URLPattern, reverse

from accounts.models import User
from audit.admin_events import LeavesEvents
from audit.models import Event
from notifications.models import Message
from oidc.models import Service
from tests.accounts.factories import PASSWORD, city_admin, family_of, log_in, registrar_of
from tests.registry.factories import SchoolFactory, StudentFactory

pytestmark = pytest.mark.django_db

# What there is beside the pages of models; whoever adds one says here what it is.
SITE_PAGES = {
    "index", "login", "logout", "password_change", "password_change_done", "autocomplete", "jsi18n", "app_list", None,
}  # fmt: skip
# Of each model: the list, add, history, delete, change, and the former address of the change page.
MODEL_PAGES = {"changelist", "add", "history", "delete", "change", None}
OWN_PAGES = {
    "oidc_client_secret", "oidc_client_secret_drop", "accounts_ssoaccount_number",
    "billing_webhook_secret", "consent_consenttext_preview", "registry_student_number", "registry_student_by_number",
}  # fmt: skip


@pytest.fixture
def chief(client):
    user = city_admin()
    User.objects.filter(pk=user.pk).update(email="chief@example.com")
    log_in(client, user)
    user.refresh_from_db()
    return user


class TestDoors:
    def test_every_page_of_the_admin_is_known(self):
        known, strange = set(), []
        for one in admin.site.get_urls():
            if isinstance(one, URLPattern):
                known.add(one.name)
                continue
            for page in one.url_patterns:
                kind = (page.name or "").rpartition("_")[2] or None
                if kind not in MODEL_PAGES and page.name not in OWN_PAGES:
                    strange.append(page.name)

        assert known == SITE_PAGES
        assert strange == []

    def test_the_password_is_changed_on_the_page_of_the_house_alone(self, client, chief):
        typed = {
            "old_password": PASSWORD,
            "new_password1": "seven blue lanterns",
            "new_password2": "seven blue lanterns",
        }

        for response in (
            client.get(reverse("admin:password_change")),
            client.post(reverse("admin:password_change"), typed),
        ):
            assert response.url == reverse("accounts:city-password")
        chief.refresh_from_db()
        assert chief.check_password(PASSWORD)

    def test_there_tries_are_counted_and_the_owner_is_told(self, client, chief):
        page = reverse("accounts:city-password")
        new = "seven blue lanterns over a quiet sea"
        typed = {"old_password": "wrong", "new_password": new, "confirmation": new}

        statuses = [client.post(page, typed).status_code for _ in range(6)]

        assert statuses == [200] * 5 + [429]
        assert Event.objects.filter(event="password.refused").count() == 5

    def test_a_good_change_is_an_event_and_a_mail_and_cannot_be_set_back(self, client, chief):
        page = reverse("accounts:city-password")
        new = "seven blue lanterns over a quiet sea"
        client.post(page, {"old_password": PASSWORD, "new_password": new, "confirmation": new})

        back = client.post(page, {"old_password": new, "new_password": PASSWORD, "confirmation": PASSWORD})

        assert Event.objects.filter(event="password.changed").count() == 1
        assert Message.objects.get(kind="password-changed").to == "chief@example.com"
        assert back.status_code == 200

    def test_the_page_after_it_leads_on(self, client, chief):
        assert client.get(reverse("admin:password_change_done")).url == reverse("admin:index")

    def test_the_log_out_is_the_one_of_the_house(self, client, chief):
        assert client.get(reverse("admin:logout")).status_code == 405

        response = client.post(reverse("admin:logout"))

        assert response.url == reverse("accounts:city-login")
        assert Event.objects.filter(event="logout").count() == 1
        assert client.get(reverse("admin:index")).status_code == 302

    def test_nothing_leads_to_where_a_row_says(self, client, chief):
        with pytest.raises(NoReverseMatch):
            reverse("admin:view_on_site", args=[1, 1])
        assert client.get("/admin/r/1/1/").status_code == 404

    @pytest.mark.parametrize("page", ["auth/group/", "auth/group/add/", "auth/", "otp_totp/totpdevice/"])
    def test_groups_and_devices_have_no_page(self, client, chief, page):
        assert client.get(f"/admin/{page}").status_code == 404

    def test_no_form_takes_a_password_of_somebody(self, client, chief):
        colleague = registrar_of(SchoolFactory())

        assert client.get(f"/admin/accounts/user/{colleague.pk}/password/").status_code in (302, 404)
        words = client.get(reverse("admin:accounts_user_change", args=[colleague.pk])).content.decode()
        assert 'type="password"' not in words

    @pytest.mark.parametrize("page", sorted(one for one in SITE_PAGES if one and one not in {"login", "app_list"}))
    @pytest.mark.parametrize("who", ["nobody", "registrar", "family"])
    def test_none_is_open_to_others(self, client, page, who):
        if who != "nobody":
            school = SchoolFactory()
            log_in(client, registrar_of(school) if who == "registrar" else family_of(StudentFactory(school=school)))

        for response in (client.get(reverse(f"admin:{page}")), client.post(reverse(f"admin:{page}"))):
            assert response.status_code in (302, 403, 404, 405), page
            assert not response.has_header("Location") or response.url != reverse("admin:index") or page == "logout"


class TestEvents:
    def test_every_model_leaves_them(self):
        assert [one for one in admin.site._registry.values() if not isinstance(one, LeavesEvents)] == []

    def test_a_service_is_reached_over_https_alone(self, client, chief):
        typed = {"name": "測試", "line": "測試", "url": "http://example.com/", "mark": "測", "position": 1}

        page = client.post(reverse("admin:oidc_service_add"), typed)

        assert "網址必須以 https:// 開頭" in page.content.decode()
        assert not Service.objects.filter(name="測試").exists()

    def test_adding_changing_and_removing_a_service(self, client, chief):
        typed = {"name": "測試", "line": "測試", "url": "https://example.com/", "mark": "測", "position": 1}
        client.post(reverse("admin:oidc_service_add"), typed)
        service = Service.objects.get(name="測試")
        client.post(reverse("admin:oidc_service_change", args=[service.pk]), typed | {"line": "另一句"})
        client.post(reverse("admin:oidc_service_delete", args=[service.pk]), {"post": "yes"})

        events = Event.objects.filter(target_type="oidc.service", target_id=str(service.pk)).order_by("pk")
        assert [(one.event, one.actor_label) for one in events] == [
            ("admin.added", "city/admin"), ("admin.changed", "city/admin"), ("admin.deleted", "city/admin"),
        ]  # fmt: skip
        assert len(events[1].data["changed"]) == 1

    def test_what_is_changed_in_the_list(self, client, chief):
        rows = list(Service.objects.order_by("position", "name"))
        form = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": len(rows), "_save": "1"}
        for place, one in enumerate(rows):
            form |= {f"form-{place}-id": one.pk, f"form-{place}-position": one.position + 5}

        client.post(reverse("admin:oidc_service_changelist"), form)

        events = Event.objects.filter(event="admin.changed", target_type="oidc.service")
        assert {one.target_id for one in events} == {str(one.pk) for one in rows}
        assert not Service.objects.filter(position__lt=5).exists()

    def test_removing_several_at_once(self, client, chief, monkeypatch):
        monkeypatch.setattr(admin.site._registry[Service], "actions", ())
        chosen = list(Service.objects.values_list("pk", flat=True))

        client.post(
            reverse("admin:oidc_service_changelist"),
            {"action": "delete_selected", "_selected_action": chosen, "post": "yes"},
        )

        assert not Service.objects.exists()
        assert Event.objects.filter(event="admin.deleted").count() == len(chosen)

    def test_an_action_that_writes_nothing_of_its_own(self, client, chief, monkeypatch):
        shown = admin.site._registry[Service]

        def hide(modeladmin, request, queryset):
            queryset.update(is_shown=False)

        monkeypatch.setattr(shown, "actions", [hide])
        chosen = list(Service.objects.values_list("pk", flat=True))

        client.post(reverse("admin:oidc_service_changelist"), {"action": "hide", "_selected_action": chosen})

        [event] = Event.objects.filter(event="admin.action")
        assert event.data == {"actions": ["hide"], "of": "oidc.service"}

    def test_a_deed_with_an_event_of_its_own_is_told_once(self, client, chief):
        typed = {"name": "第一高中", "short_name": "一高", "code": "999999", "slug": "yigao", "school_year": 115}

        response = client.post(reverse("admin:registry_school_add"), typed | {"is_active": "on"})

        assert response.status_code in (200, 302)
        if response.status_code == 302:
            assert list(Event.objects.values_list("event", flat=True)) == ["school.created"]
        assert LogEntry.objects.count() == Event.objects.filter(event="school.created").count()
