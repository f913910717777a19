"""How many of the bills of this school year are paid: for the census, which knows no bills."""

from datetime import date

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from billing.bills.models import Bill
from core.school_year import FIRST_MONTH, ROC_OFFSET
from registry.models import School
from registry.signals import Money


def money_by_school(school: School | None = None) -> dict[int, Money]:
    """{key of a school: its Money}; bills that are thrown away or given back count for nothing. One query a school year."""
    schools = School.objects.active() if school is None else School.objects.filter(pk=school.pk)
    found: dict[int, Money] = {}
    for year in schools.order_by().values_list("school_year", flat=True).distinct():
        bills = Bill.objects.filter(
            state__in=[Bill.State.ISSUED, Bill.State.PAID],
            issued_at__date__gte=date(year + ROC_OFFSET, FIRST_MONTH, 1),
            school__in=schools.filter(school_year=year),
        )
        paid = Q(state=Bill.State.PAID)
        rows = (
            bills.order_by()
            .values(key=F("school"))
            .annotate(
                bills=Count("pk"),
                paid=Count("pk", filter=paid),
                owed=Sum("amount"),
                received=Coalesce(Sum("amount", filter=paid), 0),
            )
        )
        found |= {row.pop("key"): Money(**row) for row in rows}
    return found
