"""Help is open to everyone, says what the product does, and is found from where one is stuck."""

import pytest
from django.urls import reverse

from binding.models import Delegation
from config.help import guide, mandate
from config.help.situations import SITUATIONS
from tests.accounts.factories import log_in
from tests.binding.factories import Kind, answered_family, draft_application, sent_application
from tests.registry.factories import SchoolFactory

pytestmark = pytest.mark.django_db


def page(client, name, *args, **query):
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("slug", SITUATIONS)
def test_each_situation_has_a_page_of_its_own(client, slug):
    assert str(SITUATIONS[slug].title) in page(client, "help:situation", slug)
    assert reverse("help:situation", args=[slug]) in page(client, "help:people")


def test_an_unknown_situation_is_not_there(client):
    assert client.get(reverse("help:situation", args=["lottery"])).status_code == 404


def test_who_comes_from_a_school_sees_its_numbers(client):
    school = SchoolFactory()

    assert school.name in page(client, "help:guide", school=school.slug)
    assert "查詢學校網路中心" in page(client, "help:guide", school="nowhere")


def test_the_family_logged_in_sees_the_own_school(client):
    family = answered_family()
    log_in(client, family)

    assert family.school.name in page(client, "help:people")


def test_the_guide_has_each_step_of_the_notice(client):
    shown = page(client, "help:guide")

    assert len(guide.STEPS) == 8
    for words in [
        "若第一次登入，請輸入家長帳號(P+學生學號", "確認資料皆正確後勾選「資訊正確」，再點選【填答送出】。",
        "無論是否同意，均須回傳意願，以便行政作業，謝謝", "待導師依家長填寫之【申請書】審核。",
        "身份證統一編號末六碼，第一次登入會強迫修改密碼。",
    ]:  # fmt: skip
        assert words in shown


def test_privacy_tells_the_text_in_force_in_the_language_asked_for(client):
    assert "正式文本，以此為準" in page(client, "help:privacy")
    assert "Bản dịch để tham khảo" in page(client, "help:privacy", language="vi")


def test_the_foot_of_every_page_leads_there(client):
    shown = page(client, "accounts:sso-login")

    for name in ("help:index", "help:privacy", "help:accessibility"):
        assert f'href="{reverse(name)}"' in shown


class TestFoundFromWhereOneIsStuck:
    def leads_to(self, shown, *slugs):
        return all(reverse("help:situation", args=[slug]) in shown for slug in slugs)

    def test_log_in(self, client):
        school = SchoolFactory()

        assert self.leads_to(page(client, "accounts:login", school.slug), "paper", "studying-parents")
        assert not self.leads_to(page(client, "accounts:staff-login", school.slug), "paper")

    def test_choosing_who(self, client):
        family = answered_family()
        log_in(client, family)

        assert reverse("help:people") in page(client, "binding:apply", family.school.slug)

    def test_filling_in(self, client):
        family = draft_application().started_by
        log_in(client, family)

        assert self.leads_to(page(client, "binding:applicant", family.school.slug, 1), "passport", "email")

    def test_evidence(self, client):
        family = draft_application(kind=Kind.GUARDIAN).started_by
        log_in(client, family)

        assert self.leads_to(page(client, "binding:evidence", family.school.slug), "institutions", "carers")

    def test_sending(self, client):
        family = sent_application().started_by
        log_in(client, family)

        assert self.leads_to(page(client, "binding:sign", family.school.slug), "other-parent")


class TestMandate:
    @pytest.mark.parametrize("language", mandate.LANGUAGES)
    def test_is_a_pdf_that_everyone_may_keep(self, client, language):
        response = client.get(reverse("help:mandate", args=[language]))

        assert response["Content-Type"] == "application/pdf"
        assert response.content.startswith(b"%PDF")
        assert "public" in response["Cache-Control"]

    def test_is_set_once_however_often_it_is_asked_for(self, client, monkeypatch):
        mandate._set.cache_clear()
        times = []
        monkeypatch.setattr(mandate, "typeset", lambda *args, **options: times.append(args) or b"%PDF")

        for _again in range(20):
            client.get(reverse("help:mandate", args=["vi"]))

        assert len(times) == 1
        mandate._set.cache_clear()

    def test_in_an_unknown_language_it_is_not_there(self, client):
        assert client.get(reverse("help:mandate", args=["xx"])).status_code == 404

    def test_says_as_many_years_as_the_registrar_may_enter(self, client):
        assert f"最長 {Delegation.YEARS} 年" in page(client, "help:situation", "carers")
        assert f"{Delegation.YEARS} năm" in mandate.OWN["vi"]["longest"]

    @pytest.mark.parametrize("language", mandate.OWN)
    def test_each_language_has_the_same_words(self, language):
        own = mandate.OWN[language]

        assert own.keys() <= mandate.CHINESE.keys()
        for key in ("clauses", "papers"):
            assert len(own[key]) == len(mandate.CHINESE[key])
