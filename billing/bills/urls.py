"""Addresses of making bills, below the cashier's desk."""

from django.urls import include, path

from billing.bills.views import batches, drafting, following, issuing, teacher

desk = [
    path("", batches.batch_list, name="cashier-batches"),
    path("upload/", drafting.upload, name="cashier-batch-upload"),
    path("upload/errors/", drafting.errors_file, name="cashier-batch-errors"),
    path("upload/marked/", drafting.marked_file, name="cashier-batch-marked"),
    path("upload/template/", drafting.template, name="cashier-batch-template"),
    path("tables/<int:pk>/", drafting.columns, name="cashier-charges"),
    path("tables/<int:pk>/discard/", drafting.discard, name="cashier-charges-discard"),
    path("fees/", drafting.fees, name="cashier-batch-fees"),
    path("batches/<int:pk>/", batches.batch, name="cashier-batch"),
    path("batches/<int:pk>/issue/", issuing.batch_issue, name="cashier-batch-issue"),
    path("batches/<int:pk>/take-back/", issuing.batch_take_back, name="cashier-batch-take-back"),
    path("batches/<int:pk>/go-on/", issuing.batch_go_on, name="cashier-batch-go-on"),
    path("batches/<int:pk>/discard/", issuing.batch_discard, name="cashier-batch-discard"),
    path("batches/<int:pk>/close/", issuing.batch_close, name="cashier-batch-close"),
    path("batches/<int:pk>/words/", batches.batch_words, name="cashier-batch-words"),
    path("batches/<int:pk>/term/", batches.batch_term, name="cashier-batch-term"),
    path("batches/<int:pk>/classes/", following.classes, name="cashier-batch-classes"),
    path("batches/<int:pk>/unpaid/", following.unpaid_file, name="cashier-batch-unpaid"),
    path("batches/<int:pk>/reminders/", following.reminders, name="cashier-batch-reminders"),
    path("batches/<int:pk>/reminders/switch/", following.reminders_switch, name="cashier-batch-reminders-switch"),
    path("leavers/", following.leavers, name="cashier-leavers"),
]

urlpatterns = [
    path("<slug:school_slug>/cashier/bills/", include(desk)),
    path("<slug:school_slug>/classes/<int:pk>/bills/", teacher.class_bills, name="class-bills"),
]
