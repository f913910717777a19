"""Addresses of printing, below the cashier's desk."""

from django.urls import include, path

from billing.paper.views import desk as slip_desk

desk = [
    path("bills/<int:pk>/slip.pdf", slip_desk.bill_slip, name="cashier-bill-slip"),
    path("bills/<int:pk>/receipt.pdf", slip_desk.bill_receipt, name="cashier-bill-receipt"),
    path("slips/", slip_desk.slip_list, name="cashier-slips"),
    path("slips/<int:pk>/", slip_desk.slip_batch, name="cashier-slip-batch"),
    path("slips/<int:pk>/file/", slip_desk.slip_batch_file, name="cashier-slip-batch-file"),
    path("slips/<int:pk>/again/", slip_desk.slip_batch_again, name="cashier-slip-batch-again"),
]

urlpatterns = [path("<slug:school_slug>/cashier/", include(desk))]
