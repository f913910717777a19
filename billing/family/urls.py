"""Addresses of a parent's bills: to read, to print, to show at a till."""

from django.urls import path

from billing.family.views import bills, paper

urlpatterns = [
    path("billing/", bills.home, name="home"),
    path("billing/history/", bills.history, name="history"),
    path("billing/bills/<int:pk>/", bills.bill, name="bill"),
    path("billing/bills/<int:pk>/due.ics", bills.bill_due, name="bill-due"),
    path("billing/bills/<int:pk>/slip.pdf", paper.slip, name="bill-slip"),
    path("billing/bills/<int:pk>/receipt.pdf", paper.receipt, name="bill-receipt"),
    path("billing/bills/<int:pk>/codes/", paper.phone_codes, name="bill-codes"),
]
