"""The pages of help. Who comes from a school's page, or is logged in, finds that school's phone numbers in the foot."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from config.help import guide, mandate
from config.help.situations import SITUATIONS
from consent.models import ConsentText
from core.downloads import download
from registry.models import School


def help_page(view):
    """Open to everyone; ?school= or the log-in says whose numbers to show."""

    @require_safe
    @login_not_required
    def opened(request, *args, **kwargs):
        request.school = _school_of(request)
        return view(request, *args, **kwargs)

    return opened


def _school_of(request):
    slug = request.GET.get("school", "")
    if slug and (asked := School.objects.active().filter(slug=slug).first()):
        return asked
    return getattr(request.user, "school", None)


@help_page
def index(request):
    return render(request, "help/index.html", {"situations": SITUATIONS.values()})


@help_page
def way(request):
    steps = [(step, step.pictures_in(get_language())) for step in guide.STEPS]
    return render(request, "help/guide.html", {"before": guide.BEFORE, "steps": steps})


@help_page
def people(request):
    return render(request, "help/people.html", {"situations": SITUATIONS.values()})


@help_page
def situation(request, slug):
    if slug not in SITUATIONS:
        raise Http404
    context = {"situation": SITUATIONS[slug], "mandates": mandate.LANGUAGES, "years": mandate.YEARS}
    return render(request, f"help/people/{slug}.html", context)


@help_page
def mandate_form(request, language):
    """The blank mandate as PDF. Set once a process and language, so that asking often costs nothing."""
    if language not in mandate.LANGUAGES:
        raise Http404
    name = f"委託照顧書-{mandate.LANGUAGES[language]}.pdf"
    return download(mandate.blank(language), name, shown=True, seconds_public=86400)


@help_page
def privacy(request):
    text = ConsentText.objects.current()
    read = text.in_language(request.GET.get("language") or get_language())
    return render(request, "help/privacy.html", {"text": text, "read": read})


@help_page
def accessibility(request):
    return render(request, "help/accessibility.html")
