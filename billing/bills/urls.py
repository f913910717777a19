"""Addresses of making bills, below the cashier's desk."""

from django.urls import path

from billing.bills.views import batches, drafting, issuing

desk = "<slug:school_slug>/cashier/bills/"
urlpatterns = [
    path(desk, batches.batch_list, name="cashier-batches"),
    path(f"{desk}upload/", drafting.upload, name="cashier-batch-upload"),
    path(f"{desk}upload/errors/", drafting.errors_file, name="cashier-batch-errors"),
    path(f"{desk}upload/template/", drafting.template, name="cashier-batch-template"),
    path(f"{desk}tables/<int:pk>/", drafting.columns, name="cashier-charges"),
    path(f"{desk}tables/<int:pk>/discard/", drafting.discard, name="cashier-charges-discard"),
    path(f"{desk}fees/", drafting.fees, name="cashier-batch-fees"),
    path(f"{desk}batches/<int:pk>/", batches.batch, name="cashier-batch"),
    path(f"{desk}batches/<int:pk>/issue/", issuing.batch_issue, name="cashier-batch-issue"),
    path(f"{desk}batches/<int:pk>/take-back/", issuing.batch_take_back, name="cashier-batch-take-back"),
    path(f"{desk}batches/<int:pk>/go-on/", issuing.batch_go_on, name="cashier-batch-go-on"),
    path(f"{desk}batches/<int:pk>/discard/", issuing.batch_discard, name="cashier-batch-discard"),
    path(f"{desk}batches/<int:pk>/close/", issuing.batch_close, name="cashier-batch-close"),
    path(f"{desk}batches/<int:pk>/export/", batches.batch_export, name="cashier-batch-export"),
]
