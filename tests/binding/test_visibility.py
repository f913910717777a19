"""While custody is restricted nobody finds the other parent's data: every page and mail is walked."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from accounts.models import User
from audit.models import Event
from binding.actions import application as applying
from binding.actions.custody import restrict
from binding.evidence_intake import HarmlessFile
from binding.models import Binding, CustodyRestriction
from core.identity import mask
from core.names import mask as mask_name
from notifications.models import Message
from registry.for_pages import mask_email
from registry.roles import Role
from review.decisions import approve, return_for_changes
from review.paper_register import mark_paper_form
from tests.accounts.factories import PASSWORD, log_in, registrar_of, staff, teacher_of
from tests.binding.factories import Kind, approved_application, draft_application, redrawn, reload, sent_application
from tests.registry.factories import SchoolClassFactory, StudentFactory, make_identity
from tests.support.pdf import small_pdf

pytestmark = pytest.mark.django_db

PAPER = HarmlessFile("裁定書.pdf", small_pdf(), "application/pdf")
REASON = "李小華的手機和申請書不同"
BOB = ["王大明", "bob@example.com", "0912345671", "0912-345-671", "0912-•••", make_identity(701)]
CAROL = ["李小華", "carol@example.com", "0912345672", "0912-345-672", "0912-•••", make_identity(702)]


def traces_of(person):
    """All the shapes in which one may be recognised."""
    name, email, *_mobiles, number = person
    return [*person, mask_name(name), mask_email(email), mask(number), mask(number, head=2, tail=4)]


def day(days):
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def school_class():
    return SchoolClassFactory()


@pytest.fixture
def teacher(school_class):
    return teacher_of(school_class)


@pytest.fixture
def registrar(school_class):
    return registrar_of(school_class.school)


@pytest.fixture
def student(school_class):
    return StudentFactory(school=school_class.school, school_class=school_class)


def hide(student, by, *, starts=0, until=None):
    return restrict(
        student=student, document=PAPER, document_on=day(-30), starts_on=day(starts),
        until=None if until is None else day(until), note="x", by=by,
    )  # fmt: skip


def pages_of_families(application):
    """Every address of the family's own pages, whatever is added to them later."""
    slug = application.student.school.slug
    [family] = [one for one in get_resolver("binding.urls").url_patterns if str(one.pattern).endswith("binding/")]
    arguments = {"applicant": [1], "address-again": [1], "evidence-file": [0], "evidence-remove": [0]}
    for one in family.url_patterns:
        arguments_of_one = arguments.get(one.name, [])
        if one.name.startswith("evidence-"):
            arguments_of_one = [piece.pk for piece in application.evidence.all()][:1] or [0]
        yield reverse(f"binding:{one.name}", args=[slug, *arguments_of_one])
    for position in application.positions:
        yield reverse("binding:applicant", args=[slug, position])
    yield reverse("accounts:password", args=[slug])


def everything_shown(client, addresses):
    return "\n".join(client.get(one, follow=True).content.decode("utf-8", "replace") for one in addresses)


def draft_of_both(student, teacher):
    return draft_application(student, kind=Kind.TWO_PARENTS)


def sent_by_both(student, teacher):
    return sent_application(student, kind=Kind.TWO_PARENTS)


def one_returned(student, teacher):
    application = sent_application(student, kind=Kind.TWO_PARENTS)
    mark_paper_form(student=student, answer="agree", by=teacher)
    approve(applicant=application.applicant_at(1), revision=1, by=teacher)
    return_for_changes(applicant=application.applicant_at(2), reason=REASON, revision=1, by=teacher)
    return reload(application)


def both_bound(student, teacher):
    return approved_application(teacher, student, kind=Kind.TWO_PARENTS)


def guardian_after_a_parent(student, teacher):
    approved_application(teacher, student)
    carol = {1: {"name": CAROL[0], "email": CAROL[1], "mobile": CAROL[2], "identity_number": CAROL[-1]}}
    return sent_application(student, kind=Kind.GUARDIAN, people=carol)


STATES = [draft_of_both, sent_by_both, one_returned, both_bound, guardian_after_a_parent]


@pytest.mark.parametrize("state", STATES)
def test_the_familys_pages_show_no_parent_at_all(student, teacher, registrar, state):
    application = state(student, teacher)
    family = log_in(Client(), application.started_by)
    addresses = list(pages_of_families(application))
    before = everything_shown(family, addresses)

    hide(student, registrar)
    shown = everything_shown(family, addresses)

    assert any(trace in before for trace in traces_of(BOB) + traces_of(CAROL)), "the walk sees what is shown"
    found = [
        trace for trace in [*traces_of(BOB), *traces_of(CAROL), REASON, "裁定書.pdf", "court order"] if trace in shown
    ]
    assert not found
    assert "監護限制" not in shown


@pytest.mark.parametrize(
    ("state", "words"), [(sent_by_both, "待審核"), (one_returned, "退回修正"), (both_bound, "已通過")]
)
def test_states_are_still_shown(student, teacher, registrar, state, words):
    application = state(student, teacher)
    hide(student, registrar)
    family = log_in(Client(), application.started_by)

    for name in ("tasks", "sign"):
        shown = family.get(reverse(f"binding:{name}", args=[student.school.slug])).content.decode()
        assert words in shown


@pytest.mark.parametrize(("me", "other"), [(BOB, CAROL), (CAROL, BOB)])
def test_a_parents_own_pages_and_mails_never_show_the_other(client, student, teacher, me, other):
    both_bound(student, teacher)
    user = User.objects.get(username=me[1])
    user.set_password(PASSWORD)
    user.save()
    log_in(client, user)
    own = Binding.objects.get(account__user=user)

    shown = everything_shown(
        client,
        [reverse("binding:sso-home"), reverse("binding:unbind", args=[own.pk]), reverse("accounts:sso-password")],
    )
    client.post(reverse("binding:unbind", args=[own.pk]), {"password": PASSWORD})
    mails = "\n".join(one.subject + one.text + one.html for one in Message.objects.filter(to=me[1]))

    assert student.name in shown
    assert not [trace for trace in traces_of(other) if trace in shown + mails]
    assert not Message.objects.filter(to=other[1], kind="binding-ended").exists()


class TestFillingIn:
    """Whoever of the two opens the shared account goes on without seeing what stands there."""

    def test_keeps_what_is_left_empty_and_takes_what_is_typed(self, client, student, teacher, registrar):
        application = one_returned(student, teacher)
        hide(student, registrar)
        log_in(client, application.started_by)
        address = reverse("binding:applicant", args=[student.school.slug, 2])

        response = client.post(address, {"mobile": "0987654321"})

        one = reload(application).applicant_at(2)
        assert response.status_code == 302
        assert (one.name, one.mobile, one.email, one.review) == (CAROL[0], "0987654321", CAROL[1], "pending")

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({"identity_number": BOB[-1]}, "這個證號目前無法申請"),
            ({"email": BOB[1], "email_again": BOB[1]}, "這個電子郵件無法使用"),
        ],
    )
    def test_tells_nobody_whose_number_or_address_it_is(self, client, student, teacher, registrar, typed, words):
        application = sent_by_both(student, teacher)
        hide(student, registrar)
        log_in(client, application.started_by)

        shown = client.post(reverse("binding:applicant", args=[student.school.slug, 2]), typed).content.decode()

        assert words in shown
        assert "兩位" not in shown

    def test_two_parents_no_longer_share_one_application(self, client, student, teacher, registrar):
        user = draft_of_both(student, teacher).started_by
        hide(student, registrar)
        log_in(client, user)
        address = reverse("binding:apply", args=[student.school.slug])

        assert "二位申辦" not in client.get(address).content.decode()
        assert client.post(address, {"kind": "two_parents"}).status_code == 200
        assert client.post(address, {"kind": "one_parent"}).status_code == 302
        applying.withdraw(application=reload(user.student.applications.get()), by=user)


class TestSetting:
    @pytest.fixture
    def desk(self, client, registrar):
        return log_in(client, registrar)

    def typed(self, **other):
        paper = SimpleUploadedFile("裁定書.pdf", PAPER.content)
        return {"document": paper, "document_on": day(-3), "starts_on": day(0), "until": "", "note": "", **other}

    def page(self, student):
        return reverse("binding:custody", args=[student.school.slug, student.pk])

    def test_is_kept_with_its_paper_and_told_to_no_parent(self, desk, student, teacher, registrar):
        both_bound(student, teacher)
        Message.objects.all().delete()

        desk.post(self.page(student), self.typed())

        restriction = CustodyRestriction.objects.get()
        address = reverse("binding:custody-file", args=[student.school.slug, restriction.pk])
        assert not Message.objects.exists()
        assert desk.get(address).content == redrawn(PAPER)
        assert set(Event.objects.filter(event__startswith="custody").values_list("event", flat=True)) == {
            "custody.restricted", "custody.viewed",
        }  # fmt: skip

    def test_staff_see_it_beside_the_student(self, desk, student, teacher, registrar):
        application = one_returned(student, teacher)
        hide(student, registrar)
        slug = student.school.slug

        for name, key in [
            ("registry:student", student.pk),
            ("review:application", application.pk),
            ("review:class", student.school_class_id),
            ("binding:binding", Binding.objects.get().pk),
        ]:
            assert "監護限制" in desk.get(reverse(name, args=[slug, key])).content.decode(), name

    def test_the_helpdesk_sees_it_without_a_way_in(self, client, student, registrar):
        hide(student, registrar)
        log_in(client, staff(student.school, Role.HELPDESK, account="helpdesk"))

        shown = client.get(reverse("staff:helpdesk-family", args=[student.school.slug, student.pk]))

        assert "監護限制中" in shown.content.decode()
        assert "/custody/" not in shown.content.decode()

    def test_once_a_student(self, desk, student):
        desk.post(self.page(student), self.typed())

        assert "已經登錄了" in desk.post(self.page(student), self.typed(), follow=True).content.decode()
        assert CustodyRestriction.objects.count() == 1

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"document_on": day(1)}, "文件日期不能在今天之後"),
            ({"until": day(-1)}, "這個期間已經過了"),
            ({"starts_on": day(5), "until": day(3)}, "期間結束不能早於開始日"),
            ({"document": ""}, "請選擇要上傳的檔案"),
        ],
    )
    def test_says_what_is_wrong(self, desk, student, wrong, words):
        assert words in desk.post(self.page(student), self.typed(**wrong)).content.decode()
        assert not CustodyRestriction.objects.exists()

    def test_lifted_with_a_reason_it_shows_everything_again(self, desk, student, teacher, registrar):
        application = sent_by_both(student, teacher)
        restriction = hide(student, registrar)
        address = reverse("binding:custody-lift", args=[student.school.slug, restriction.pk])

        desk.post(address, {"reason": "法院撤銷"})

        family = log_in(Client(), application.started_by)
        assert BOB[0] in family.get(reverse("binding:sign", args=[student.school.slug])).content.decode()
        assert "已經屆滿或解除" in desk.post(address, {"reason": "x"}).content.decode()

    def test_of_another_school_does_not_exist(self, client, student, registrar):
        restriction = hide(student, registrar)
        elsewhere = registrar_of(StudentFactory().school)
        log_in(client, elsewhere)

        for name, key in [("custody", student.pk), ("custody-lift", restriction.pk), ("custody-file", restriction.pk)]:
            assert client.get(reverse(f"binding:{name}", args=[elsewhere.school.slug, key])).status_code == 404

    def test_costs_fourteen_queries_at_most(self, desk, student, registrar, django_assert_max_num_queries):
        hide(student, registrar)

        with django_assert_max_num_queries(14):
            desk.get(self.page(student))


@pytest.mark.parametrize(
    ("starts", "until", "hidden"), [(0, None, True), (0, 0, True), (1, None, False), (-5, -1, False)]
)
def test_the_dates_decide_whether_or_not_a_task_ran(student, teacher, registrar, starts, until, hidden):
    application = sent_by_both(student, teacher)
    hide(student, registrar, starts=starts, until=until)
    family = log_in(Client(), application.started_by)
    address = reverse("binding:sign", args=[student.school.slug])

    for _before_and_after in range(2):
        assert (BOB[0] not in family.get(address).content.decode()) == hidden
        call_command("end_expired", verbosity=0)

    over = until is not None and until < 0
    assert CustodyRestriction.objects.get().state == ("expired" if over else "on")
