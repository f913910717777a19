"""Addresses of paying: the parent's, the gateways', and the cashier's below the school's own."""

from django.conf import settings
from django.urls import path

from billing.sandbox import views as sandbox
from billing.views import callbacks, cashier, collections, counter, password, paying

sandbox_pages = [
    path("billing/sandbox/query/<str:token>/", sandbox.query, name="sandbox-query"),
    path("billing/sandbox/<str:token>/", sandbox.checkout, name="sandbox-checkout"),
    path("billing/sandbox/<str:token>/done/", sandbox.trade, name="sandbox-trade"),
]

online = [
    path("billing/callback/<slug:gateway>/", callbacks.callback, name="callback"),
    path("billing/pay/", paying.pay, name="pay"),
    path("billing/password/", password.password, name="password"),
    path("billing/payments/", paying.payments, name="payments"),
    path("billing/payments/<slug:reference>/", paying.payment, name="payment"),
    path("billing/payments/<slug:reference>/go/", paying.payment_go, name="payment-go"),
    path("billing/payments/<slug:reference>/give-up/", paying.payment_give_up, name="payment-give-up"),
    *(sandbox_pages if settings.PAYMENT_SANDBOX else []),
]

desk = "<slug:school_slug>/cashier/money/"
desk_pages = [
    path(desk, cashier.desk, name="cashier-money"),
    path(f"{desk}settlements/", cashier.settlements, name="cashier-settlements"),
    path(f"{desk}work/", cashier.work_list, name="cashier-work"),
    path(f"{desk}work/<int:pk>/", cashier.resolve, name="cashier-resolve"),
    path(f"{desk}refunds/", cashier.refunds, name="cashier-refunds"),
    path(f"{desk}refunds/<int:pk>/", cashier.refund, name="cashier-refund"),
    path(f"{desk}refunds/<int:pk>/withdraw/", cashier.refund_withdraw, name="cashier-refund-withdraw"),
    path(f"{desk}counter/", counter.cash, name="cashier-cash"),
    path(f"{desk}counter/<int:pk>/", counter.cash_take, name="cashier-cash-take"),
    path(f"{desk}collections/", collections.collections, name="cashier-collections"),
    path(f"{desk}collections/<int:pk>/", collections.collection, name="cashier-collection"),
    path(f"{desk}collections/<int:pk>/post/", collections.collection_post, name="cashier-collection-post"),
    path(f"{desk}collections/<int:pk>/drop/", collections.collection_drop, name="cashier-collection-drop"),
    path(f"{desk}collections/<int:pk>/again/", collections.collection_again, name="cashier-collection-again"),
    path(f"{desk}day/", collections.day, name="cashier-day"),
    path(f"{desk}day/export/<str:form>/", collections.day_export, name="cashier-day-export"),
]
