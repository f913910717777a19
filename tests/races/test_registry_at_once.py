"""Two people at once at the desks of registrar and school admin, with real threads on PostgreSQL."""

import pytest

from accounts.models import StaffRole
from binding.actions import confirmation
from binding.models import Binding, DataConfirmation
from registry import homeroom, status_changes
from registry.models import HomeroomDuty, RosterImport, SchoolClass, Student, StudentChange
from registry.promotion import promote
from registry.roles import Role
from registry.roster import apply_import, check_import, decide_to_apply, import_roster, receive_roster, undo_import
from registry.students import correct_student
from review.decisions import approve
from review.paper_register import mark_paper_form
from staff import accounts as staff_actions
from tests.accounts.factories import family_of, registrar_of, staff, teacher_of
from tests.binding.factories import sent_application
from tests.races.threads import at_once, kinds_of
from tests.registry.factories import SchoolClassFactory, SchoolFactory, StudentFactory
from tests.registry.roster_files import file_of, row

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def checked(school, data, by=None):
    return check_import(receive_roster(school=school, data=data, name="x.csv", by=by, takes_new_classes=True))


def decided(school, data):
    return decide_to_apply(roster_import=checked(school, data), by=None)


def test_a_double_click_applies_once():
    kept = checked(SchoolFactory(), file_of(row(1), row(2)))

    outcomes = at_once(*[lambda: apply_import(decide_to_apply(roster_import=kept, by=None))] * 4)

    assert kinds_of(outcomes) == ["AlreadyDecided"] * 3 + ["RosterImport"]
    assert Student.objects.count() == 2


def test_two_rosters_of_one_school_follow_each_other():
    school = SchoolFactory()
    one = decided(school, file_of(row(1), row(2)))
    other = decided(school, file_of(row(1, name="王小朋"), row(2)))

    outcomes = at_once(lambda: apply_import(one), lambda: apply_import(other))

    assert {outcome.state for outcome in outcomes} == {"applied"}
    assert sorted(outcome.counts["new"] for outcome in outcomes) == [0, 2]
    assert StudentChange.objects.count() == 1


def test_two_schools_register_one_person_once():
    rosters = [decided(SchoolFactory(), file_of(row(1))) for _ in range(2)]

    outcomes = at_once(*[lambda one=one: apply_import(one) for one in rosters])

    assert sorted(outcome.state for outcome in outcomes) == ["applied", "refused"]
    refused = RosterImport.objects.get(state="refused")
    assert "另一所學校" in refused.errors[0][2]
    assert Student.objects.count() == 1


def test_a_correction_and_a_roster_lose_nothing():
    school = SchoolFactory()
    import_roster(school=school, data=file_of(row(1)))
    student = Student.objects.get()
    kept = decided(school, file_of(row(1, seat=9)))

    at_once(lambda: apply_import(kept), lambda: correct_student(student=student, values={"name": "王小朋"}, by=None))

    for change in StudentChange.objects.all():
        assert all(change.old[field] != change.new[field] for field in change.old)
    student.refresh_from_db()
    assert student.seat_number == 9


def test_a_school_is_promoted_once():
    school_class = SchoolClassFactory(name="101")
    StudentFactory(school=school_class.school, school_class=school_class)
    how = {
        "school": school_class.school, "year": school_class.school_year, "targets": {"101": "201"}, "repeats": [],
        "by": registrar_of(school_class.school),
    }  # fmt: skip

    outcomes = at_once(*[lambda: promote(**how)] * 3)

    assert kinds_of(outcomes) == ["AlreadyPromoted"] * 2 + ["dict"]
    assert StudentChange.objects.count() == 1


@pytest.mark.parametrize("_turn", range(3))
def test_nobody_stays_bound_to_who_graduates_in_the_same_moment(_turn):
    application = sent_application()
    student, applicant = application.student, application.applicants.get()
    teacher, registrar = teacher_of(student.school_class), registrar_of(student.school)
    mark_paper_form(student=student, answer="agree", by=teacher)

    graduated, _approved = at_once(
        lambda: status_changes.change_status(student=student, status="graduated", by=registrar),
        lambda: approve(applicant=applicant, revision=application.revision, by=teacher),
    )

    assert isinstance(graduated, Student), graduated
    assert not Binding.objects.active().exists()


def test_a_transfer_is_accepted_or_taken_back_not_both():
    student, new_class = StudentFactory(), SchoolClassFactory()
    registrar = registrar_of(student.school)
    status_changes.change_status(student=student, status="transferring", transfer_to=new_class.school, by=registrar)

    outcomes = at_once(
        lambda: status_changes.change_status(student=student, status="enrolled", by=registrar),
        lambda: status_changes.accept_transfer(
            student=student, school=new_class.school, school_class=new_class, seat_number=1,
            student_number="1", by=registrar,
        ),
    )  # fmt: skip

    assert kinds_of(outcomes) == ["InvalidMove", "Student"]


def test_two_registrars_give_one_seat_once():
    school_class = SchoolClassFactory()
    students = [
        StudentFactory(school=school_class.school, school_class=school_class, seat_number=seat) for seat in (1, 2)
    ]

    outcomes = at_once(
        *[lambda one=one: correct_student(student=one, values={"seat_number": 9}, by=None) for one in students]
    )

    assert kinds_of(outcomes) == ["StudentChange", "ValidationError"]


def test_an_undo_and_a_family_that_confirms_do_not_cross():
    school = SchoolFactory()
    import_roster(school=school, data=file_of(row(1)))
    student = Student.objects.get()
    family = family_of(student)
    kept = apply_import(decided(school, file_of(row(1, name="王小朋"))))
    student.refresh_from_db()
    seen = confirmation.fingerprint_of(DataConfirmation.facts_of(student))

    at_once(
        lambda: undo_import(roster_import=kept, by=None),
        lambda: confirmation.confirm_data(student=student, seen=seen, by=family),
    )

    student.refresh_from_db()
    latest = DataConfirmation.objects.first()
    assert latest is None or latest.name == student.name


@pytest.mark.parametrize("_turn", range(4))
@pytest.mark.parametrize("accounts", [("t7", "t8"), ("t7", "t7")])
def test_two_registrars_assign_one_after_the_other(_turn, accounts):
    school_class = SchoolClassFactory()
    registrar = registrar_of(school_class.school)

    outcomes = at_once(
        *[lambda one=one: homeroom.assign(school_class=school_class, account=one, by=registrar) for one in accounts]
    )

    assert kinds_of(outcomes) == ["HomeroomDuty"] * 2
    assert HomeroomDuty.objects.standing().filter(school_class=school_class).count() == 1


def test_a_registrar_assigns_while_a_roster_names_another_teacher():
    school = SchoolFactory()
    import_roster(school=school, data=file_of(row(1)))
    kept = decided(school, file_of(row(1, teacher="t8")))
    school_class = SchoolClass.objects.get()

    outcomes = at_once(
        lambda: apply_import(kept), lambda: homeroom.assign(school_class=school_class, account="t7", by=None)
    )

    assert kinds_of(outcomes) == ["HomeroomDuty", "RosterImport"]
    assert HomeroomDuty.objects.standing().count() == 1


def test_an_undo_and_an_assignment_do_not_cross():
    school = SchoolFactory()
    import_roster(school=school, data=file_of(row(1)))
    kept = apply_import(decided(school, file_of(row(1, teacher="t8"))))
    school_class = SchoolClass.objects.get()

    outcomes = at_once(
        lambda: undo_import(roster_import=kept, by=None),
        lambda: homeroom.assign(school_class=school_class, account="t7", by=None),
    )

    assert kinds_of(outcomes) in (["HomeroomDuty", "RosterImport"], ["CannotUndo", "HomeroomDuty"])
    assert HomeroomDuty.objects.standing().get().account == "t7"


def test_an_invitation_is_accepted_once():
    school = SchoolFactory()
    admin = staff(school, Role.SCHOOL_ADMIN, account="principal")
    user = staff_actions.invite(
        school=school, account="t1", name="林", email="l@example.com", roles=[Role.CASHIER], by=admin
    )
    invitation = user.invitations.get()

    outcomes = at_once(*[lambda: staff_actions.accept(invitation=invitation, password="seven quiet boats")] * 4)

    assert sorted(map(str, outcomes)) == ["False"] * 3 + ["True"]


def test_two_admins_cannot_take_each_others_role():
    school = SchoolFactory()
    one, other = (staff(school, Role.SCHOOL_ADMIN, account=f"a{n}", email=f"a{n}@example.com") for n in (1, 2))
    assert one.roles
    assert other.roles

    def take(user, by):
        return staff_actions.change(user=user, name="x", email=user.email, roles=[], by=by)

    outcomes = at_once(lambda: take(one, other), lambda: take(other, one))

    assert kinds_of(outcomes) == ["NotAllowed", "User"]
    assert StaffRole.objects.filter(role=Role.SCHOOL_ADMIN).count() == 1


def test_the_same_account_is_invited_once():
    school = SchoolFactory()
    admin = staff(school, Role.SCHOOL_ADMIN, account="principal")

    outcomes = at_once(
        *[
            lambda: staff_actions.invite(
                school=school, account="t1", name="林", email="l@example.com", roles=[], by=admin
            )
        ]
        * 2
    )

    assert kinds_of(outcomes) == ["User", "ValidationError"]
