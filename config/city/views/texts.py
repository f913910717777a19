"""Versions of the consent text: what each says otherwise than the one before, and who reads it."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from consent.comparing import differences, readers, text_before
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
    found = get_object_or_404(ConsentText.objects.prefetch_related("translations"), pk=pk)
    before = text_before(found)
    context = {
        "text": found,
        "before": before,
        "lines": differences(before, found) if before else [],
        "readers": None if found.is_published else readers(),
    }
    return render(request, "city/text.html", context)
