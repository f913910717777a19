"""The emblem and the accent of a school: where its administrator chooses them, and the picture itself."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from registry.access import public_school_page, staff_only
from registry.models import Emblem
from registry.roles import Role
from registry.schools import face
from staff.forms import FaceForm

A_YEAR = 365 * 24 * 60 * 60  # seconds: another picture has another address


@staff_only(Role.SCHOOL_ADMIN)
def own_face(request):
    """The emblem is uploaded and the accent chosen."""
    form = FaceForm(request.POST or None, request.FILES or None, school=request.school)
    if request.method == "POST" and form.is_valid():
        if face.write(school=request.school, by=request.user, **form.choice()):
            messages.success(request, _("已儲存，家長和同仁馬上看得到。"))
        return redirect("staff:own-face", request.school.slug)
    return render(request, "staff/own_face.html", {"form": form})


@require_safe
@public_school_page
def emblem(request, digest):
    """Everybody's, as the school's front page is."""
    picture = get_object_or_404(Emblem, digest=digest, school=request.school)
    response = HttpResponse(bytes(picture.png), content_type="image/png")
    response["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return response
