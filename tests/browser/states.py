"""Every page worth looking at: each role of tests/support/world.py, and families at each stage of their way."""

from typing import NamedTuple

from django.conf import settings
from django.test import Client
from django.urls import reverse

from review.decisions import return_for_changes
from tests.accounts.factories import family_of, log_in, teacher_of
from tests.binding.factories import Kind, answered_family, approved_application, draft_application, sent_application
from tests.registry.factories import SchoolClassFactory, StudentFactory, make_identity
from tests.support.world import OPEN, address_of

FAMILY_PAGES = [
    "binding:tasks", "binding:confirm", "binding:consent", "binding:apply", "binding:check", "binding:sign",
]  # fmt: skip
NOT_FOR_EYES = {
    "health", "accounts:captcha-image", "accounts:captcha-audio", "oidc:discovery", "oidc:server-metadata", "oidc:jwks",
    "oidc:logo", "staff:emblem", "accounts:stay", "accounts:saved-post", "gallery-mail",
}  # fmt: skip


class Place(NamedTuple):
    role: str
    page: str  # the name of its address
    address: str


def places_of_roles(world, roles=()):
    """What each role, or each of `roles`, may open."""
    for role, person in world["people"].items():
        if roles and role not in roles:
            continue
        world["client"] = log_in(Client(), person) if person else Client()
        for name, allowed in OPEN.items():
            if role in allowed and name not in NOT_FOR_EYES:
                yield Place(role, name, address_of(name, world))


def places_of_admin(world):
    """Django's admin as the city has it: the index, lists with and without filters, a form and a detail."""
    pages = {
        "index": [],
        "registry_school_changelist": [],
        "registry_school_change": [world["school"].pk],
        "registry_student_changelist": [],
        "binding_application_changelist": [],
        "audit_event_changelist": [],
        "audit_event_change": [world["school"].pk],
        "notifications_message_changelist": [],
        "django_tasks_database_dbtaskresult_changelist": [],
    }
    for name, arguments in pages.items():
        yield Place("city_admin", f"admin:{name}", reverse(f"admin:{name}", args=arguments))


def families(world):
    """Families of the world's school who are not where the world's own two are: {stage: account}."""
    school_class = SchoolClassFactory(school=world["school"], name="397")
    teacher = teacher_of(school_class)

    def student():
        return StudentFactory(school=school_class.school, school_class=school_class)

    def person(n):
        return {1: {"identity_number": make_identity(n), "email": f"stage{n}@example.com"}}

    returned = sent_application(student(), kind=Kind.TWO_PARENTS)
    return_for_changes(applicant=returned.applicant_at(2), reason="手機號碼和申請書不同", revision=1, by=teacher)
    return {
        "family, new": family_of(student()),
        "family, declined": answered_family(student(), answer="declined"),
        "family, draft": draft_application(student(), kind=Kind.GUARDIAN, people=person(911)).started_by,
        "family, returned": returned.started_by,
        "family, approved": approved_application(teacher, student(), people=person(912)).started_by,
    }


def places_of_families(world):
    """Adds the families to the people of `world`."""
    slug = world["school"].slug
    for stage, account in families(world).items():
        world["people"][stage] = account
        for name in FAMILY_PAGES:
            yield Place(stage, name, reverse(name, args=[slug]))


def session_cookie(person, address):
    """For a browser's context: `person` is logged in at `address`."""
    session = log_in(Client(), person).cookies[settings.SESSION_COOKIE_NAME].value
    return {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}
