"""The school admin's list of staff: invite, give roles, switch off; the link that an invited person opens."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.for_pages import role_words
from core import names
from core.downloads import download
from core.listing import Column, Filter, Listing, Search
from core.states import InvalidMove
from core.way_back import redirect_back, redirect_on
from registry.access import public_school_page, staff_only
from registry.lists import show_list
from registry.roles import Role
from staff import accounts as staff
from staff import importing, table
from staff.forms import FirstPasswordForm, InviteForm, StaffFileForm, StaffForm
from staff.models import StaffImport, StaffInvitation
from staff.state_words import state_words
from staff.successors import left_alone_without

school_admin = staff_only(Role.SCHOOL_ADMIN)
COLUMNS = (
    Column("name", gettext_lazy("姓名"), lambda one: one.name, order=("name",)),
    Column("account", gettext_lazy("帳號"), lambda one: one.account, order=("account",)),
    Column("roles", gettext_lazy("角色"), lambda one: role_words(row.role for row in one.role_rows.all()), width=24),
    Column("state", gettext_lazy("狀態"), lambda one: state_words(one)),
    Column("login", gettext_lazy("最近登入"), lambda one: one.last_login, order=("last_login",), nulls_last=True),
    Column("email", gettext_lazy("電子郵件"), lambda one: one.email, is_shown=False, width=28),
)


@school_admin
def staff_list(request):
    people = staff.staff_of(request.school).prefetch_related("role_rows")
    usable = StaffInvitation.objects.usable().filter(user=OuterRef("pk"))
    listing = Listing(
        request,
        people.annotate(is_invited=Exists(usable)),
        name="staff",
        title=_("教職員"),
        columns=COLUMNS,
        filters=[Filter("role", _("角色"), "role_rows__role", Role.choices)],
        search=Search(_("帳號或姓名"), _with_words, instead=_("請不要在這裡輸入證號，請用帳號或姓名查詢。")),
        sort="account",
    )
    return show_list(request, "staff/list.html", listing)


def _with_words(people, text):
    return people.filter(Q(account__icontains=text) | Q(folded_name__contains=names.fold(text)))


@school_admin
def staff_invite(request):
    form = InviteForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            staff.invite(school=request.school, by=request.user, **form.cleaned_data)
            messages.success(request, _("已寄出設定密碼的連結。"))
            return redirect_back(request, "staff:staff-accounts", request.school.slug)
        except ValidationError as error:
            form.add_error("account", error.messages)
        except staff.NotAllowed as reason:
            form.add_error(None, str(reason))
    return render(request, "staff/invite.html", {"form": form})


@school_admin
def staff_person(request, pk):
    """One person: name, address, roles; what else can be done is a button each."""
    person = _find(request, pk)
    held = [row.role for row in person.role_rows.all()]
    initial = {"name": person.name, "email": person.email, "roles": held}
    form = StaffForm(request.POST or None, by=request.user, person=person, initial=initial)
    if request.method == "POST" and form.is_valid():
        if _do(request, staff.change, user=person, **form.cleaned_data):
            messages.success(request, _("已儲存。角色有變動時，這個人要重新登入。"))
        return redirect_on(request, "staff:staff-person", request.school.slug, pk)
    invitation = StaffInvitation.objects.usable().filter(user=person).first()
    left_alone = None if person.is_active else left_alone_without(person)
    context = {"form": form, "person": person, "invitation": invitation, "left_alone": left_alone}
    return render(request, "staff/person.html", context)


@require_POST
@school_admin
def staff_link(request, pk):
    if _do(request, staff.send_link, user=_find(request, pk)):
        messages.success(request, _("已寄出連結；之前寄的連結不能再用。"))
    return redirect_on(request, "staff:staff-person", request.school.slug, pk)


@school_admin
def staff_switch(request, pk):
    """Before somebody is switched off, the page says what nobody else does."""
    person, is_active = _find(request, pk), request.POST.get("is_active") == "on"
    if request.method != "POST":
        context = {"person": person, "left_alone": left_alone_without(person)}
        return render(request, "staff/switch_off.html", context)
    if _do(request, staff.switch, user=person, is_active=is_active):
        messages.success(request, _("已啟用。") if is_active else _("已停用，這個人已經登出。"))
    return redirect_on(request, "staff:staff-person", request.school.slug, pk)


@require_POST
@school_admin
def staff_second_factor(request, pk):
    if _do(request, staff.forget_second_factor, user=_find(request, pk)):
        messages.success(request, _("已重設第二道驗證，下次登入時重新設定。"))
    return redirect_on(request, "staff:staff-person", request.school.slug, pk)


@require_POST
@school_admin
def staff_number(request, pk):
    if _do(request, staff.forget_number, user=_find(request, pk)):
        messages.success(request, _("已清除證號，這個人下次登入時重新填寫。"))
    return redirect_on(request, "staff:staff-person", request.school.slug, pk)


@school_admin
def staff_file(request):
    """Upload a list of teachers; a good one is shown before anybody is invited."""
    form = StaffFileForm(request.POST or None, request.FILES or None)
    checked = table.Checked([], [], {})
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        checked = table.check_file(file.read(settings.STAFF_FILE_MAX_BYTES), school=request.school, by=request.user)
        if not checked.errors:
            kept = importing.keep_for_preview(school=request.school, checked=checked, name=file.name, by=request.user)
            return redirect("staff:staff-import", request.school.slug, kept.pk)
    context = {
        "form": form,
        "errors": checked.errors[:200],
        "error_count": len(checked.errors),
        "contents": checked.contents,
    }
    return render(request, "staff/file.html", context)


@school_admin
def staff_import_page(request, pk):
    kept = get_object_or_404(StaffImport, school=request.school, pk=pk, state=StaffImport.State.CHECKED)
    if request.method == "POST":
        return _decide(request, kept)
    new, known = importing.compare(kept.rows, request.school)
    return render(request, "staff/import.html", {"kept": kept, "new": new, "known": known})


def _decide(request, kept):
    try:
        if "leave" in request.POST:
            importing.leave_import(staff_import=kept)
            messages.info(request, _("已放棄這份名單。"))
        else:
            counts = importing.apply_import(
                staff_import=kept, by=request.user, emails_are_meant="emails_are_meant" in request.POST
            )
            words = _("已邀請 %(invited)d 人，原有 %(known)d 人，指派 %(classes)d 個班級的導師。")
            messages.success(request, words % counts)
    except InvalidMove:
        messages.info(request, _("這份名單已經處理過了。"))
    except staff.NotAllowed as reason:
        messages.warning(request, str(reason))
    except ValidationError as error:
        for words in error.messages:
            messages.warning(request, words)
        if kept.emails_to_ask and "emails_are_meant" not in request.POST:
            return redirect(request.path)
    return redirect_back(request, "staff:staff-accounts", request.school.slug)


@school_admin
def staff_template(request):
    return download(table.build_template(), "staff.xlsx")


@never_cache
@sensitive_post_parameters()
@public_school_page
def invitation(request):
    """The link from the mail. Opening it uses nothing up: a mail scanner may have been here first."""
    token = request.POST.get("token") or request.GET.get("token", "")
    found = staff.find_invitation(request.school, token)
    form = None
    if found:
        form = FirstPasswordForm(request.POST or None, user=found.user, initial={"token": token})
        if request.method == "POST" and form.is_valid():
            if staff.accept(invitation=found, password=form.cleaned_data["new_password"]):
                messages.success(request, _("密碼已經設定，請登入。"))
                return redirect("accounts:staff-login", request.school.slug)
            found = None
    response = render(request, "staff/invitation.html", {"form": form, "found": found})
    response["Referrer-Policy"] = "strict-origin"  # "no-referrer" would send the form without its origin
    return response


def _find(request, pk):
    people = staff.staff_of(request.school).select_related("school").prefetch_related("role_rows")
    return get_object_or_404(people, pk=pk)


def _do(request, action, **what):
    """Whether the action was done; why not, the person reads."""
    try:
        action(by=request.user, **what)
    except staff.NotAllowed as reason:
        messages.warning(request, str(reason))
        return False
    except ValidationError as error:
        for words in error.messages:
            messages.warning(request, words)
        return False
    return True
