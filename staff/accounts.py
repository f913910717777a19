"""Staff accounts of a school: invited by mail, given roles, switched off. What a role may give, a table says."""

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import second_factor
from accounts.models import FormerPassword, StaffRole, User
from accounts.passwords import notify_of_new_password
from accounts.signals import staff_number_kept
from audit import log
from core.one_time_links import link_to
from registry.models import School
from registry.roles import AccountKind, Role
from staff import mails
from staff.models import StaffInvitation

# Which roles the holder of a role may give and take. Who holds none of these may give nothing.
MAY_GIVE: dict[Role, frozenset] = {Role.SCHOOL_ADMIN: frozenset(Role)}


class NotAllowed(Exception):
    """This person may not do this to that account; the message says why."""


def roles_to_give(user):
    """The roles that `user` may give and take at the own school."""
    return frozenset().union(*(MAY_GIVE.get(Role(role), frozenset()) for role in user.roles))


def staff_of(school):
    return User.objects.filter(kind=AccountKind.STAFF, school=school)


@transaction.atomic
def invite(*, school, account, name, email, roles, by):
    """Make the account, which nobody can log in with yet, and mail a link to set its password.

    Raises ValidationError where the account exists, NotAllowed where `by` may not give these roles.
    """
    hold_school(school, by)
    if school.pk != by.school_id:
        raise NotAllowed(_("這不是本校的教職員帳號。"))
    _check_may_give(by, set(roles))
    user = User(
        kind=AccountKind.STAFF,
        school=school,
        account=account,
        username=f"{school.slug}/{account}",
        name=name,
        email=email,
        password=make_password(None),
        asks_number=True,
    )
    user.full_clean()
    user.save()
    StaffRole.objects.bulk_create(StaffRole(user=user, role=role) for role in roles)
    log.record("staff.invited", by=by, target=user, school=school, data={"roles": sorted(map(str, roles))})
    send_link(user=user, by=by)
    return user


@transaction.atomic
def send_link(*, user, by):
    """A one-time link to set the password; a link sent before works no longer."""
    _check_may_change(user, by)
    if not user.email:
        raise NotAllowed(_("這個帳號沒有電子郵件，請先填寫再寄。"))
    invitation, token = StaffInvitation.replace(user, by=by)
    mail = mails.staff_invited if user.last_login is None else mails.staff_password_link
    mail(invitation, link=link_to("staff:invitation", token, user.school.slug))
    log.record("staff.link_sent", by=by, target=user, school=user.school)
    return invitation


def find_invitation(school, token):
    """The invitation behind a link, while it works, else None."""
    usable = StaffInvitation.objects.usable().filter(user__school=school, user__is_active=True)
    return usable.by_token(token).select_related("user__school").first()


@transaction.atomic
def accept(*, invitation, password):
    """Set the password; of two who press at once one wins. Returns whether this one did."""
    if not invitation.use():
        return False
    user = invitation.user
    FormerPassword.keep(user)
    user.set_password(password)
    user.has_temporary_password = False
    user.save(update_fields=["password", "has_temporary_password"])
    user.end_sessions()
    notify_of_new_password(user)
    log.record("staff.password_set", by=user, target=user, school=user.school)
    return True


@transaction.atomic
def change(*, user, name, email, roles, by):
    """Name, address and roles. Who loses or gains a role logs in again."""
    hold_school(user.school, by)
    _check_may_change(user, by)
    held, wanted = set(user.role_rows.values_list("role", flat=True)), set(roles)
    _check_may_give(by, held ^ wanted)
    user.name, user.email = name, email
    user.full_clean()
    _keep_person(user, by)
    if held != wanted:
        user.role_rows.exclude(role__in=wanted).delete()
        StaffRole.objects.bulk_create(StaffRole(user=user, role=role) for role in wanted - held)
        ask_for_number(user)
        user.end_sessions()
        data = {"given": sorted(wanted - held), "taken": sorted(held - wanted)}
        log.record("staff.roles_changed", by=by, target=user, school=user.school, data=data)
    return user


def _keep_person(user, by):
    """A link mailed to a former address opens nothing any longer."""
    before = User.objects.get(pk=user.pk)
    changed = [field for field in ("name", "email") if getattr(before, field) != getattr(user, field)]
    if not changed:
        return
    user.save(update_fields=changed)
    if "email" in changed:
        StaffInvitation.objects.unused().filter(user=user).delete()
    log.record("account.changed", by=by, target=user, school=user.school, data={"changed": changed})


@transaction.atomic
def switch(*, user, is_active, by):
    """Let somebody in, or keep them out from the next request on. What they did stays theirs."""
    hold_school(user.school, by)
    _check_may_change(user, by)
    if user.is_active != is_active:
        user.is_active = is_active
        user.save(update_fields=["is_active"])
        user.end_sessions()
        StaffInvitation.objects.unused().filter(user=user).delete()
        event = "staff.switched_on" if is_active else "staff.switched_off"
        log.record(event, by=by, target=user, school=user.school)
    return user


@transaction.atomic
def forget_second_factor(*, user, by):
    """For who lost the phone: the next log-in enrols anew."""
    _check_may_change(user, by)
    second_factor.reset(user, by=by)


def ask_for_number(user):
    """Who may have come to decide about families, and whose own number is not known, is asked at the next log-in."""
    User.objects.filter(pk=user.pk, identity_fingerprint="").update(asks_number=True)


@transaction.atomic
def keep_number(*, user, number):
    """Keep the own ID number that `user` typed; once kept it is changed through the school admin alone.

    Raises NotAllowed where one is kept already.
    """
    user = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    if user.identity_fingerprint:
        raise NotAllowed(_("您的證號已經登錄。有誤請洽學校管理者，清除後重新填寫。"))
    user.identity_number = number
    user.asks_number = False
    user.save(update_fields=["identity_cipher", "identity_fingerprint", "asks_number"])
    log.record("staff.number_kept", by=user, target=user, school=user.school)
    staff_number_kept.send(User, user=user)
    return user


@transaction.atomic
def forget_number(*, user, by):
    """For a slip of the pen: the person types the own number anew at the next log-in."""
    _check_may_change(user, by)
    user = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    user.identity_cipher = user.identity_fingerprint = ""
    user.asks_number = True
    user.save(update_fields=["identity_cipher", "identity_fingerprint", "asks_number"])
    user.end_sessions()
    log.record("staff.number_forgotten", by=by, target=user, school=user.school)
    return user


def hold_school(school, by):
    """One change of a school's staff at a time: two admins can't take each other's role, or lock each other
    out, at once. Raises NotAllowed where `by` was switched off a moment ago.
    """
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    if "roles" in by.__dict__:
        del by.roles
    if not User.objects.filter(pk=by.pk, is_active=True).exists():
        raise NotAllowed(_("您的帳號已經停用。"))


def _check_may_change(user, by):
    if user.kind != AccountKind.STAFF or user.school_id != by.school_id:
        raise NotAllowed(_("這不是本校的教職員帳號。"))
    if user.pk == by.pk:
        raise NotAllowed(_("不能修改自己的帳號，請另一位學校管理者處理。"))
    if not roles_to_give(by):
        raise NotAllowed(_("您目前沒有管理教職員帳號的角色。"))


def _check_may_give(by, roles):
    if not {Role(role) for role in roles} <= roles_to_give(by):
        raise NotAllowed(_("您不能給予或收回這個角色。"))
