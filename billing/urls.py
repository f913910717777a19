from django.urls import path

from billing.batch_urls import batch_pages
from billing.payment_urls import desk_pages, online
from billing.slip_urls import slip_pages
from billing.views import api, home

app_name = "billing"

urlpatterns = [
    path("billing/", home.home, name="home"),
    path("billing/history/", home.history, name="history"),
    path("billing/bills/<int:pk>/", home.bill, name="bill"),
    path("billing/bills/<int:pk>/due.ics", home.bill_due, name="bill-due"),
    path("billing/api/v1/bills", api.bills, name="api-bills"),
    path("billing/api/v1/bills/<int:pk>", api.bill, name="api-bill"),
    *online,
    *desk_pages,
    *slip_pages,
    *batch_pages,
]
