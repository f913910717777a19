"""The search over the whole desk, from every page of it: words are posted; what one finds alone is opened at once."""

from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from config import desks
from core import way_back, words_token
from core.identity import may_be_in
from core.text import without_invisible
from registry.access import staff_only
from registry.roles import Role

LONGEST = 60


@staff_only(*Role)
def search(request):
    """What was typed is sealed in the address of the page that shows what it found (core.words_token)."""
    if request.method == "POST":
        return _posted(request)
    token = request.GET.get("words", "")
    text = words_token.unseal(token, person=request.user.pk) if token else ""
    if text is None:
        messages.info(request, _("這個搜尋已經過期，請再輸入一次。"))
    found = desks.find(request.user, request.school, text) if text else []
    way_back.stand_at(request, request.get_full_path())
    return render(request, "desk_search.html", {"text": text or "", "found": found})


def _posted(request):
    text = without_invisible(request.POST.get("q", "")).strip()[:LONGEST]
    if may_be_in(text):
        messages.warning(request, _refusal(request.user))
        return way_back.redirect_on(request, "desk-search", request.school.slug)
    back = way_back.came_from(request)
    if back and way_back.is_at(back, "desk-search"):  # one search after another is one
        back = way_back.before(request, back)
    found = desks.find(request.user, request.school, text) if text else []
    if len(found) == 1 and len(found[0].hits) == 1:
        return redirect(way_back.carry(found[0].hits[0].url, back))
    sealed = urlencode({"words": words_token.seal(text, person=request.user.pk)}) if text else ""
    return redirect(way_back.carry(f"{request.path}?{sealed}", back))


def _refusal(user):
    if Role.REGISTRAR in user.roles:
        return _("這裡不查證號。請到「學生」頁用「以證號查詢」，查詢會留下紀錄。")
    return _("這裡不查證號，請用學號、姓名或班級座號（例如 301-05）查詢。")
