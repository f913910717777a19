"""Addresses of paper: slips and receipts, codes on a phone, and the settings of who collects."""

from django.urls import path

from billing.views import agent, slip_desk, slips

desk = "<slug:school_slug>/cashier/"
slip_pages = [
    path("billing/bills/<int:pk>/slip.pdf", slips.slip, name="bill-slip"),
    path("billing/bills/<int:pk>/receipt.pdf", slips.receipt, name="bill-receipt"),
    path("billing/bills/<int:pk>/codes/", slips.phone_codes, name="bill-codes"),
    path(f"{desk}bills/<int:pk>/slip.pdf", slip_desk.bill_slip, name="cashier-bill-slip"),
    path(f"{desk}bills/<int:pk>/receipt.pdf", slip_desk.bill_receipt, name="cashier-bill-receipt"),
    path(f"{desk}slips/", slip_desk.slips, name="cashier-slips"),
    path(f"{desk}slips/<int:pk>/", slip_desk.slip_batch, name="cashier-slip-batch"),
    path(f"{desk}slips/<int:pk>/file/", slip_desk.slip_batch_file, name="cashier-slip-batch-file"),
    path(f"{desk}slips/<int:pk>/again/", slip_desk.slip_batch_again, name="cashier-slip-batch-again"),
    path(f"{desk}settings/", agent.collecting_agent, name="cashier-settings"),
]
