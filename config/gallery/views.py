"""Every component in every state, beside the call that draws it: /gallery/, on development servers and for staff."""

from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

from csp.decorators import csp_update
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.template.backends.utils import csrf_input
from django.utils import timezone
from django.utils.translation import get_language, gettext
from jinja2 import Template
from markupsafe import Markup

from config.gallery import forms
from config.gallery.samples import COMPONENTS, PATTERNS, Sample
from config.help import first_steps
from config.mail_samples import samples as mails
from core.charts import DOTTED, EMPTY, FULL, HATCHED, Bars, Kind, Row, Trend
from notifications.framing import boxed
from registry.roles import AccountKind

FOLDER = Path(settings.BASE_DIR) / "templates" / "components"


class Shown(NamedTuple):
    title: str
    says: str  # what the component's file says of itself
    source: str
    drawn: Markup


@login_not_required
@csp_update({"frame-src": ["'self'"]})
def gallery(request: HttpRequest) -> HttpResponse:
    check_may_look(request.user)
    given = {"request": request, "user": request.user, "csrf_input": csrf_input(request), **things()}
    shown = [show(sample, given) for sample in (*PATTERNS, *COMPONENTS)]
    return render(request, "gallery.html", {"shown": shown})


@boxed
def mail(request: HttpRequest) -> HttpResponse:
    """A mail, whose styles are its own."""
    check_may_look(request.user)
    return HttpResponse(mails(get_language() or settings.LANGUAGE_CODE)[0].html)


def check_may_look(user: Any) -> None:
    """Raises Http404 for the public of a server in production."""
    is_staff = user.is_authenticated and user.kind == AccountKind.STAFF and user.is_verified()
    if not (settings.MAILBOX_DIR or is_staff):
        raise Http404


def show(sample: Sample, given: dict[str, Any]) -> Shown:
    # Nothing takes the focus here: a reader begins at the top.
    drawn = template_of(sample.source).render(given).replace(" autofocus", "")
    return Shown(sample.component, words_of(sample.component), sample.source, Markup(drawn))  # noqa: S704 # nosec B704


@lru_cache(maxsize=128)
def template_of(source: str) -> Template:
    return engines["jinja2"].env.from_string(source)  # type: ignore[attr-defined]


@lru_cache(maxsize=128)
def words_of(component: str) -> str:
    """The comment that a component begins with; nothing for a pattern made by classes alone."""
    file = FOLDER / f"{component}.html"
    if not file.exists():
        return ""
    return file.read_text(encoding="utf-8").partition("{#")[2].partition("#}")[0].strip()


def things() -> dict[str, Any]:
    """What samples are given."""
    now = timezone.now()
    return {
        "empty_form": forms.empty(),
        "filled_form": forms.filled(),
        "refused_form": forms.refused(),
        "disabled_form": forms.disabled(),
        "file_field": forms.SampleForm(auto_id="file_%s")["plain_file"],
        "sample_school": forms.sample_school(),
        "page": Paginator(range(1234), 50).get_page(3),
        "bars": bars(),
        "trends": [trend("301", 12, 40, 86), trend("302", 64), trend("303")],
        "timeline": [event(now, "王大明"), event(now - timedelta(days=3), "")],
        "contents": {"sheets": [("三年級", 312), ("", 30)], "left_out": ["封面", "說明"]},
        "listing": forms.sample_listing(),
        "first_day": (first_steps.CASHIER, ["#"] * len(first_steps.CASHIER.steps)),
        "tab_groups": forms.sample_tabs(),
        "batches": [batch(is_alive=True), batch(has_failed=True), batch(has_file=True), batch()],
    }


def bars() -> Bars:
    kinds = [
        Kind("paid", gettext("已繳"), FULL),
        Kind("late", gettext("逾期未繳"), HATCHED),
        Kind("wrong", gettext("待查帳款"), DOTTED),
        Kind("open", gettext("待繳"), EMPTY),
    ]
    rows = [
        Row("301", {"paid": 20, "late": 3, "wrong": 1, "open": 6}, "66%　20 / 30", "#chart_bars"),
        Row("302", {"paid": 31}, "100%　31 / 31"),
    ]
    return Bars.of(gettext("各班"), rows, kinds)


def trend(title: str, *percentages: int) -> Trend:
    first = timezone.localdate() - timedelta(days=14)
    days = [(first + timedelta(days=7 * place), percent) for place, percent in enumerate(percentages)]
    return Trend.of(title, days, first=first, last=timezone.localdate())


def event(at: datetime, who: str) -> SimpleNamespace:
    return SimpleNamespace(at=at, who=who, words="註冊組", detail="115/11/30")


def batch(**state: bool) -> SimpleNamespace:
    """As core.printing's batches of things to print are seen by a page."""
    has = {"is_alive": False, "has_failed": False, "has_file": False, **state}
    return SimpleNamespace(**has, done=2, total=5, missing=[], KEPT=timedelta(days=1), get_state_display=lambda: "PDF")
