"""Addresses of a parent's bills: to read, to print, to show at a till."""

from django.urls import include, path

from billing.family.views import bills, paper

pages = [
    path("", bills.home, name="home"),
    path("history/", bills.history, name="history"),
    path("bills/<int:pk>/", bills.bill, name="bill"),
    path("bills/<int:pk>/due.ics", bills.bill_due, name="bill-due"),
    path("bills/<int:pk>/slip.pdf", paper.slip, name="bill-slip"),
    path("bills/<int:pk>/receipt.pdf", paper.receipt, name="bill-receipt"),
    path("bills/<int:pk>/codes/", paper.phone_codes, name="bill-codes"),
]

urlpatterns = [path("billing/", include(pages))]
