"""Addresses of printing, below the cashier's desk."""

from django.urls import path

from billing.paper.views import desk as slip_desk

desk = "<slug:school_slug>/cashier/"
urlpatterns = [
    path(f"{desk}bills/<int:pk>/slip.pdf", slip_desk.bill_slip, name="cashier-bill-slip"),
    path(f"{desk}bills/<int:pk>/receipt.pdf", slip_desk.bill_receipt, name="cashier-bill-receipt"),
    path(f"{desk}slips/", slip_desk.slip_list, name="cashier-slips"),
    path(f"{desk}slips/<int:pk>/", slip_desk.slip_batch, name="cashier-slip-batch"),
    path(f"{desk}slips/<int:pk>/file/", slip_desk.slip_batch_file, name="cashier-slip-batch-file"),
    path(f"{desk}slips/<int:pk>/again/", slip_desk.slip_batch_again, name="cashier-slip-batch-again"),
]
