"""The parent's connected services, and the logos of services."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import condition

from oidc import sign_ons
from oidc.models import ClientLogo, Connection
from oidc.scopes import WORDS
from registry.access import parent_only

MOST_SHOWN = 50


@parent_only
def services(request):
    connections = request.user.connections.select_related("client__logo")[:MOST_SHOWN]
    rows = [(one, [WORDS[scope] for scope in one.scopes if scope in WORDS]) for one in connections]
    return render(request, "oidc/services.html", {"rows": rows})


@parent_only
def disconnect(request, pk):
    """Asks first; pressing it twice does no harm."""
    connection = Connection.objects.filter(user=request.user, pk=pk).select_related("client").first()
    if request.method != "POST":
        if connection is None:
            raise Http404
        return render(request, "oidc/disconnect.html", {"client": connection.client})
    if connection:
        sign_ons.disconnect(connection, by=request.user)
        messages.success(request, _("已經解除連結，這個服務不能再讀取您的資料。"))
    return redirect("oidc:services")


def changed_at(request, pk):
    return ClientLogo.objects.filter(client=pk).values_list("changed_at", flat=True).first()


@parent_only
@condition(last_modified_func=changed_at)
def logo(request, pk):
    picture = get_object_or_404(ClientLogo, client=pk, client__is_active=True)
    response = HttpResponse(bytes(picture.png), content_type="image/png")
    response["Cache-Control"] = "private, max-age=3600"
    return response
