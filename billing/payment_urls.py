"""Addresses of paying: the parent's, the gateways', and the cashier's below the school's own."""

from django.conf import settings
from django.urls import path

from billing.sandbox import views as sandbox
from billing.views import callbacks, paying

sandbox_pages = [
    path("billing/sandbox/query/<str:token>/", sandbox.query, name="sandbox-query"),
    path("billing/sandbox/<str:token>/", sandbox.checkout, name="sandbox-checkout"),
    path("billing/sandbox/<str:token>/done/", sandbox.trade, name="sandbox-trade"),
]

online = [
    path("billing/callback/<slug:gateway>/", callbacks.callback, name="callback"),
    path("billing/payments/<slug:reference>/", paying.payment, name="payment"),
    *(sandbox_pages if settings.PAYMENT_SANDBOX else []),
]
