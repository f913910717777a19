"""Events are written with what they tell of, and never change."""

import json

import pytest

from audit import log
from audit.models import AppendOnly, Event
from core import identity
from tests.accounts.factories import family_of, registrar_of, sso_parent
from tests.registry.factories import SchoolFactory, StudentFactory
from tests.support.refusals import EMPTY, refuses


@pytest.mark.django_db
class TestRecording:
    def test_says_who_did_what_to_what(self):
        user = family_of(StudentFactory())

        event = log.record("student_data.confirmed", by=user, target=user.student, data={"items": ["name"]})

        assert (event.actor_kind, event.actor_id, event.school_id) == ("family", user.pk, user.school_id)
        assert event.actor_label == f"{user.school.slug}/P{user.student.student_number}"
        assert list(Event.objects.about(user.student)) == [event]

    def test_a_parent_is_named_without_the_address(self):
        parent = sso_parent(by=registrar_of(SchoolFactory()))

        event = log.record("logout", by=parent)

        assert event.actor_label == f"SSO {parent.pk}"

    @pytest.mark.parametrize(
        "data",
        [
            {"reason": "見 A123456789"},
            {"reason": "手機不同\nA123456789"},
            {"reason": "手機不同\tA123456789"},
            {"list": [{"x": "a800000014"}]},
            {"AB23456789": 1},
            {"reason": "見 A-123 456．789"},
        ],
    )
    def test_blots_out_what_looks_like_an_id_number(self, data):
        event = log.record("applicant.returned", data=data)

        kept = Event.objects.get(pk=event.pk).data
        assert kept.keys() == data.keys() or kept == {"•••": 1}
        assert "•••" in json.dumps(kept, ensure_ascii=False)
        assert not identity.is_in(json.dumps(kept, ensure_ascii=False))

    def test_keeps_everything_else_as_it_was(self):
        data = {"count": 3, "is_late": True, "fields": ["name", None], "words": "王大明 301"}

        event = log.record("applicant.returned", data=data)

        assert Event.objects.get(pk=event.pk).data == data

    @pytest.mark.parametrize(
        "change",
        [
            lambda event: event.save(),
            lambda event: event.delete(),
            lambda event: Event.objects.update(event="x"),
            lambda event: Event.objects.all().delete(),
        ],
    )
    def test_is_never_changed_or_removed(self, change):
        event = log.record("logout")

        with pytest.raises(AppendOnly):
            change(event)

    @pytest.mark.parametrize(
        "deed", ["UPDATE audit_event SET event = 'x'", "DELETE FROM audit_event", EMPTY % "audit_event"]
    )
    def test_the_database_refuses_too(self, deed):
        log.record("logout")

        refuses(deed, "append-only")


@pytest.mark.django_db(transaction=True)
def test_refuses_to_write_outside_a_transaction():
    with pytest.raises(RuntimeError, match="outside the transaction"):
        log.record("logout")
