"""Families at every stage, each reached by walking the real steps, over the last days."""

import io
from functools import cache

from PIL import Image

from accounts.email_tokens import note_proof
from accounts.models import SSOAccount, User
from binding.actions import application as applying
from binding.actions import confirmation
from binding.actions.consent import answer_consent
from binding.actions.ending import end_by_parent
from binding.actions.evidence import add_evidence
from binding.evidence_intake import HarmlessFile
from binding.models import Application, Binding, DataConfirmation
from config.synthetic_city.earlier import days_ago
from consent.models import ConsentDecision, ConsentText
from registry.models import Student
from review.decisions import approve, reject, return_for_changes
from review.models import PaperForm
from review.paper_register import mark_paper_form

Kind = Application.Kind
STAGES = [
    "untouched", "logged_in", "password", "correcting", "confirmed", "declined", "paper_only", "draft",
    "sent", "sent_two", "sent_guardian", "ready", "mismatch", "returned", "rejected",
    "approved", "approved", "approved_two", "active", "active", "active_two", "unbound",
]  # fmt: skip
KINDS = {
    "sent_two": Kind.TWO_PARENTS,
    "approved_two": Kind.TWO_PARENTS,
    "active_two": Kind.TWO_PARENTS,
    "sent_guardian": Kind.GUARDIAN,
}
DAYS = 12  # a family walked so many days ago at most: an opening link of then still works


def make_families(school, people, *, count, password):
    """Take `count` students of `school`, spread over its classes, through the stages in turn.

    `password`: the stored form of what everybody has chosen who has chosen one.
    """
    students = Student.objects.enrolled().filter(school=school).select_related("school", "school_class")
    chosen = sorted(people.random.sample(list(students), min(count, students.count())), key=lambda one: one.pk)
    registrar = User.objects.get(school=school, account="registrar")
    for index, student in enumerate(chosen):
        with days_ago(DAYS - 1 - index * DAYS // len(chosen)):
            walk(student, STAGES[index % len(STAGES)], people, registrar, password)
    return len(chosen)


def walk(student, stage, people, registrar, password):
    """Bring one family to `stage`; paper and decisions are the registrar's."""
    if stage == "untouched":
        return
    if stage == "paper_only":
        mark_paper_form(student=student, answer=PaperForm.Answer.AGREE, by=registrar)
        return
    family = User.objects.for_family(student)
    if stage == "logged_in":
        return
    family.password = password
    family.save(update_fields=["password"])
    if stage == "password":
        return
    if stage == "correcting":
        confirmation.request_correction(student=student, proposed={"name": people.name()}, by=family)
        return
    seen = confirmation.fingerprint_of(DataConfirmation.facts_of(student))
    confirmation.confirm_data(student=student, seen=seen, by=family)
    if stage == "confirmed":
        return
    answer = ConsentDecision.Answer.DECLINED if stage == "declined" else ConsentDecision.Answer.AGREED
    answer_consent(student=student, answer=answer, text=ConsentText.objects.current(), by=family)
    if stage != "declined":
        decide(apply(student, stage, people, family), stage, registrar)
        go_on(student, stage, password)


def apply(student, stage, people, family):
    """Fill in an application, and send it unless it stays a draft."""
    kind = KINDS.get(stage, Kind.ONE_PARENT)
    application = applying.choose_kind(student=student, kind=kind, by=family)
    for position in application.positions:
        values = {
            "name": people.name(),
            "relationship": "grandmother" if kind == Kind.GUARDIAN else ["father", "mother"][position - 1],
            "identity_number": people.identity_number(position),
            "mobile": people.mobile(),
            "email": f"parent-{student.pk}-{position}@example.com",
        }
        applying.save_applicant(application=application, position=position, values=values, is_complete=True, by=family)
    if kind == Kind.GUARDIAN:
        paper = HarmlessFile("裁定書.pdf", blank_pdf(), "application/pdf")
        add_evidence(application=application, files=[paper], by=family)
    application = Application.objects.prefetch_related("applicants", "evidence").get(pk=application.pk)
    if stage != "draft":
        applying.mark_checked(application=application, by=family)
        applying.send(application=application, by=family)
    return Application.objects.prefetch_related("applicants").get(pk=application.pk)


def decide(application, stage, registrar):
    if stage in {"draft", "sent", "sent_two", "sent_guardian"}:
        return
    disagrees = stage == "mismatch"
    answer = PaperForm.Answer.DECLINE if disagrees else PaperForm.Answer.AGREE
    mark_paper_form(student=application.student, answer=answer, by=registrar)
    if stage in {"ready", "mismatch"}:
        return
    how = {"revision": application.revision, "by": registrar}
    for applicant in application.applicants.all():
        if stage == "returned":
            return_for_changes(applicant=applicant, reason="請確認手機號碼。", **how)
        elif stage == "rejected":
            reject(applicant=applicant, reason="申請人不是監護人。", **how)
        else:
            approve(applicant=applicant, **how)


def go_on(student, stage, password):
    """What people do with their accounts afterwards."""
    if not stage.startswith(("active", "unbound")):
        return
    for binding in Binding.objects.filter(student=student).select_related("account__user"):
        user = binding.account.user
        user.password = password
        user.save(update_fields=["password"])
        note_proof(user)
        user.sso_account.move_to(SSOAccount.State.ACTIVE)
        if stage == "unbound":
            end_by_parent(binding=binding, by=user)


@cache
def blank_pdf():
    """A page of paper with nothing on it."""
    paper = io.BytesIO()
    Image.new("L", (595, 842), 255).save(paper, "PDF")
    return paper.getvalue()
