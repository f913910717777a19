"""Versions of the consent text: what each says otherwise than the one before, who reads it, and publishing."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from binding.models import Binding
from consent.actions import ChangedMeanwhile, EffectiveInThePast, NotADraft, publish
from consent.comparing import differences, languages_lost, readers, text_before
from consent.models import ConsentText
from registry.access import city_only


@city_only
def text_list(request):
    """Drafts first, then what is in force, then what was."""
    texts = ConsentText.objects.prefetch_related("translations").defer("body")
    context = {"texts": list(texts), "current": ConsentText.objects.current(), "today": timezone.localdate()}
    return render(request, "city/texts.html", context)


@city_only
def text(request, pk):
    """One version beside the one before."""
    return render(request, "city/text.html", _beside_the_one_before(pk))


@city_only
def text_publish(request, pk):
    """Say what comes, for whom, and how it differs; then publish what was shown, and nothing else."""
    if not request.user.has_perm("consent.change_consenttext"):
        raise PermissionDenied
    context = _beside_the_one_before(pk)
    if request.method != "POST" and not context["text"].is_published:
        return render(request, "city/text_publish.html", context)
    try:
        publish(text=context["text"], by=request.user, seen=request.POST.get("seen", ""))
        messages.success(request, _("已發布 %(version)s 版。") % {"version": context["text"].version})
    except NotADraft:
        messages.warning(request, _("這個版本已經發布了。"))
    except ChangedMeanwhile:
        messages.warning(request, _("您看過之後，草稿又改過了。請再看一次，再發布。"))
        return redirect("city:text-publish", pk)
    except EffectiveInThePast:
        messages.error(request, _("生效日已經過了，請改成今天或以後的日期再發布。"))
    return redirect("city:text", pk)


def _beside_the_one_before(pk):
    found = get_object_or_404(ConsentText.objects.prefetch_related("translations"), pk=pk)
    before = text_before(found)
    lines = differences(before, found) if before else []
    return {
        "text": found,
        "before": before,
        "lines": lines,
        "added": sum(one.kind == "added" for one in lines),
        "removed": sum(one.kind == "removed" for one in lines),
        "lost": languages_lost(before, found) if before else [],
        "readers": None if found.is_published else readers(),
        "bound": None
        if found.is_published
        else Binding.objects.active().aggregate(n=Count("account", distinct=True))["n"],
    }
