"""A class at a glance, and all that is ready in it approved at once."""

from django.shortcuts import get_object_or_404, redirect, render

from review import permissions
from review.census import Census
from review.views.access import reviewers_only


@reviewers_only
def home(request):
    """My classes; a teacher with one class goes straight to it."""
    classes = list(permissions.classes_of(request.user).with_homeroom().order_by("name")[:200])
    if len(classes) == 1:
        return redirect("review:class", request.school.slug, classes[0].pk)
    return render(request, "review/home.html", {"classes": classes})


@reviewers_only
def class_queue(request, pk):
    school_class = get_object_or_404(permissions.classes_of(request.user), pk=pk)
    census = Census.of(school_class)
    return render(request, "review/class.html", {"school_class": school_class, "census": census})
