"""What a homeroom teacher sees of the bills of the own class."""

from django.shortcuts import get_object_or_404, render

from billing.bills import of_class
from registry.access import staff_only
from registry.lists import show_list
from registry.models import SchoolClass
from registry.roles import Role


@staff_only(Role.HOMEROOM_TEACHER)
def class_bills(request, pk):
    """Who of the class paid a batch; only for who teaches it today, or stands in."""
    school_class = get_object_or_404(SchoolClass.objects.taught_by(request.user), pk=pk)
    bills = of_class.bills_of(request, school_class)
    context = {"school_class": school_class, "bills": bills}
    if bills.listing is None:
        return render(request, "billing/bills/class_bills.html", context)
    return show_list(request, "billing/bills/class_bills.html", bills.listing, context)
