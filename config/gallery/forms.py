"""Fields of each kind and in each state, for the gallery: nothing that is typed here goes anywhere."""

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.fields import EmailAddressField, FreeTextField, NameField
from core.listing import Column, Filter, Listing, Search
from registry.desks import ShownGroup, ShownTab
from registry.models import School


class SampleForm(forms.Form):
    """A field of each kind; words are those of real forms, the longest we have."""

    name = NameField(label=_("申請人姓名"), help_text=_("請與身分證或居留證上的姓名相同。"))
    password = forms.CharField(label=_("密碼"), widget=forms.PasswordInput)
    short = FreeTextField(label=_("驗證碼"), widget=forms.TextInput(attrs={"class": "w-short"}))
    email = EmailAddressField(
        label=_("電子郵件"), help_text=_("申請親子綁定時填寫的電子郵件。"), required=False,
        widget=forms.EmailInput(attrs={"class": "w-long"}),
    )  # fmt: skip
    note = FreeTextField(label=_("其他說明"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    grade = forms.ChoiceField(label=_("班級"), choices=[("301", "301"), ("302", "302")])
    relationship = forms.ChoiceField(
        label=_("親屬關係"), help_text=_("申請人是學生的什麼人？"), widget=forms.RadioSelect,
        choices=[("a", _("祖父／外祖父")), ("b", _("伯叔姑舅姨等親屬"))],
    )  # fmt: skip
    sure = forms.BooleanField(label=_("資訊正確"))
    proof = forms.FileField(
        label=_("證明的照片"), required=False,
        help_text=_("例如戶籍資料或在學證明，可以不附。JPEG、PNG、WebP 或 PDF，不超過 5 MB。處理完就會刪除。"),
    )  # fmt: skip
    plain_file = forms.FileField(label=_("名冊檔案"), required=False)


FILLED = {
    "name": "王〇〇 · 阿布拉罕・馬可斯・古拉斯・貝林寇特",
    "short": "12345",
    "email": "a.very.long.address.of.a.parent@students.example.edu.tw",
    "note": "上週剛換班。",
    "grade": "302",
    "relationship": "b",
    "sure": True,
}


def empty():
    return SampleForm(auto_id="empty_%s")


def filled():
    return SampleForm(initial=FILLED, auto_id="filled_%s")


def refused():
    """As it comes back when nothing was typed but an address that is none."""
    return SampleForm({"email": "zoe@"}, auto_id="refused_%s")


def disabled():
    form = SampleForm(initial=FILLED, auto_id="disabled_%s")
    for field in form.fields.values():
        field.disabled = True
    return form


def sample_school():
    """For masthead and contacts: the first school that there is; none on an empty server."""
    return School.objects.order_by("pk").first()


def sample_listing():
    """A list of a few numbers, sorted, narrowed and with more pages than one."""
    request = HttpRequest()
    request.path, request.method = "/gallery/", "GET"
    request.user, request.resolver_match = AnonymousUser(), None
    columns = [
        Column("class", _("班級"), str, order=str),
        Column("seat", _("座號"), str, order=int, is_number=True),
        Column("name", _("姓名"), str),
    ]
    filters = [
        Filter("status", _("狀態"), lambda rows, _value: rows, [("enrolled", _("在學"))]),
        Filter("class", _("班級"), lambda rows, _value: rows, [("301", "301")], is_links=True, counts={"301": 1234}),
    ]
    search = Search(_("學號、姓名或班級"), lambda rows, _text: rows)
    return Listing(
        request,
        range(1234),
        name="sample",
        title=_("學生"),
        columns=columns,
        filters=filters,
        search=search,
        sort="seat",
    )


def sample_tabs():
    """Two groups, the first with two tabs."""
    tabs = [ShownTab(_("學生"), "#desk_tabs", True), ShownTab(_("班級"), "#desk_tabs", False)]
    return [
        ShownGroup(_("學生與班級"), "#desk_tabs", True, tabs),
        ShownGroup(_("教職員"), "#desk_tabs", False, [ShownTab(_("教職員"), "#desk_tabs", False)]),
    ]
