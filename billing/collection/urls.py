"""Addresses of money at the cashier's desk."""

from django.urls import include, path

from billing.collection.views import agent, bill, collections, counter, instalments, refund_files
from billing.collection.views import desk as money

of_money = [
    path("", money.settlements, name="cashier-money"),
    path("work/", money.work_list, name="cashier-work"),
    path("work/<int:pk>/", money.resolve, name="cashier-resolve"),
    path("refunds/", money.refunds, name="cashier-refunds"),
    path("refunds/files/", refund_files.files, name="cashier-refund-files"),
    path("refunds/files/make/", refund_files.make, name="cashier-refund-file-make"),
    path("refunds/files/<int:pk>/", refund_files.file, name="cashier-refund-file"),
    path("refunds/files/<int:pk>/<slug:layout>.file", refund_files.take, name="cashier-refund-file-take"),
    path("refunds/files/<int:pk>/paid/", refund_files.paid, name="cashier-refund-file-paid"),
    path("refunds/files/<int:pk>/returned/", refund_files.returned, name="cashier-refund-file-returned"),
    path("refunds/files/<int:pk>/give-up/", refund_files.give_up, name="cashier-refund-file-give-up"),
    path("refunds/<int:pk>/", money.refund, name="cashier-refund"),
    path("refunds/<int:pk>/payee/", refund_files.payee, name="cashier-refund-payee"),
    path("refunds/<int:pk>/take-back/", money.refund_take_back, name="cashier-refund-take-back"),
    path("refunds/<int:pk>/withdraw/", money.refund_withdraw, name="cashier-refund-withdraw"),
    path("counter/", counter.cash, name="cashier-cash"),
    path("counter/<int:pk>/", counter.cash_take, name="cashier-cash-take"),
    path("counter/payments/<int:pk>/", counter.counter_payment, name="cashier-counter-payment"),
    path("counter/payments/<int:pk>/correct/", counter.counter_correct, name="cashier-counter-correct"),
    path("counter/receipts/", counter.receipt_book, name="cashier-receipts"),
    path("collections/", collections.collections, name="cashier-collections"),
    path("collections/<int:pk>/", collections.collection, name="cashier-collection"),
    path("collections/mend/", collections.collection_mend, name="cashier-collection-mend"),
    path("collections/<int:pk>/marked/", collections.collection_marked, name="cashier-collection-marked"),
    path("collections/<int:pk>/post/", collections.collection_post, name="cashier-collection-post"),
    path("collections/<int:pk>/drop/", collections.collection_drop, name="cashier-collection-drop"),
    path("collections/<int:pk>/again/", collections.collection_again, name="cashier-collection-again"),
    path("day/", collections.day, name="cashier-day"),
    path("day/export/<str:form>/", collections.day_export, name="cashier-day-export"),
]
of_a_bill = [
    path("", bill.bill, name="cashier-bill"),
    path("void/", bill.bill_void, name="cashier-bill-void"),
    path("give-back/", bill.bill_give_back, name="cashier-bill-give-back"),
    path("reissue/", bill.bill_reissue, name="cashier-bill-reissue"),
    path("split/", instalments.bill_split, name="cashier-bill-split"),
    path("join/", instalments.bill_join, name="cashier-bill-join"),
]
desk = [
    path("money/", include(of_money)),
    path("bills/<int:pk>/", include(of_a_bill)),
    path("settings/", agent.collecting_agent, name="cashier-settings"),
]
urlpatterns = [path("<slug:school_slug>/cashier/", include(desk))]
