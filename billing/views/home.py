"""A parent's bills."""

from django.shortcuts import render

from billing.models import Bill
from billing.views.paying import bills_of
from registry.access import parent_only

MOST = 200


@parent_only
def home(request):
    bills = bills_of(request.user).exclude(state=Bill.State.VOID).order_by("state", "due_on", "pk")
    bills = list(bills.select_related("school", "student__school_class")[:MOST])
    context = {
        "payable": [one for one in bills if one.is_payable],
        "others": [one for one in bills if not one.is_payable],
    }
    return render(request, "billing/home.html", context)
