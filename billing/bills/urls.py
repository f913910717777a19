"""Addresses of making bills, below the cashier's desk."""

from django.urls import path

from billing.bills.views import batches, charge_tables, issuing

desk = "<slug:school_slug>/cashier/bills/"
urlpatterns = [
    path(desk, batches.batch_list, name="cashier-batches"),
    path(f"{desk}upload/", charge_tables.upload, name="cashier-batch-upload"),
    path(f"{desk}upload/errors/", charge_tables.errors_file, name="cashier-batch-errors"),
    path(f"{desk}upload/template/", charge_tables.template, name="cashier-batch-template"),
    path(f"{desk}tables/<int:pk>/", charge_tables.columns, name="cashier-charges"),
    path(f"{desk}tables/<int:pk>/discard/", charge_tables.discard, name="cashier-charges-discard"),
    path(f"{desk}fees/", batches.batch_fees, name="cashier-batch-fees"),
    path(f"{desk}batches/<int:pk>/", batches.batch, name="cashier-batch"),
    path(f"{desk}batches/<int:pk>/issue/", issuing.batch_issue, name="cashier-batch-issue"),
    path(f"{desk}batches/<int:pk>/take-back/", issuing.batch_take_back, name="cashier-batch-take-back"),
    path(f"{desk}batches/<int:pk>/go-on/", issuing.batch_go_on, name="cashier-batch-go-on"),
    path(f"{desk}batches/<int:pk>/discard/", issuing.batch_discard, name="cashier-batch-discard"),
    path(f"{desk}batches/<int:pk>/close/", issuing.batch_close, name="cashier-batch-close"),
    path(f"{desk}batches/<int:pk>/export/", batches.batch_export, name="cashier-batch-export"),
]
