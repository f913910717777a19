"""The city's first page: what waits, and how far the schools are."""

from django.shortcuts import render

from config.city.figures import Waiting
from notifications.models import LATELY
from registry.access import city_only
from review.census.lines import CityCensus, in_words


@city_only
def home(request):
    census = CityCensus.recent()
    context = {"waiting": Waiting.now(), "census": census, "state": in_words(census.total), "days": LATELY.days}
    return render(request, "city/home.html", context)
