"""Addresses of paying: the parent's, the gateways', and the sandbox's."""

from django.conf import settings
from django.urls import path

from billing.payments.sandbox import views as sandbox
from billing.payments.views import callbacks, password, paying

sandbox_pages = [
    path("billing/sandbox/query/<str:token>/", sandbox.query, name="sandbox-query"),
    path("billing/sandbox/<str:token>/", sandbox.checkout, name="sandbox-checkout"),
    path("billing/sandbox/<str:token>/done/", sandbox.trade, name="sandbox-trade"),
]

urlpatterns = [
    path("billing/callback/<slug:gateway>/", callbacks.callback, name="callback"),
    path("billing/pay/", paying.pay, name="pay"),
    path("billing/password/", password.password, name="password"),
    path("billing/payments/", paying.payments, name="payments"),
    path("billing/payments/<slug:reference>/", paying.payment, name="payment"),
    path("billing/payments/<slug:reference>/go/", paying.payment_go, name="payment-go"),
    path("billing/payments/<slug:reference>/give-up/", paying.payment_give_up, name="payment-give-up"),
    *(sandbox_pages if settings.PAYMENT_SANDBOX else []),
]
