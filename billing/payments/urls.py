"""Addresses of paying: the parent's, the gateways', and the sandbox's."""

from django.conf import settings
from django.urls import include, path

from billing.payments.sandbox import views as sandbox
from billing.payments.views import callbacks, password, paying

sandbox_pages = [
    path("sandbox/query/<str:token>/", sandbox.query, name="sandbox-query"),
    path("sandbox/<str:token>/", sandbox.checkout, name="sandbox-checkout"),
    path("sandbox/<str:token>/done/", sandbox.trade, name="sandbox-trade"),
]

pages = [
    path("callback/<slug:gateway>/", callbacks.callback, name="callback"),
    path("pay/", paying.pay, name="pay"),
    path("password/", password.password, name="password"),
    path("payments/", paying.payments, name="payments"),
    path("payments/<slug:reference>/", paying.payment, name="payment"),
    path("payments/<slug:reference>/go/", paying.payment_go, name="payment-go"),
    path("payments/<slug:reference>/mail/", paying.payment_mail, name="payment-mail"),
    path("payments/<slug:reference>/give-up/", paying.payment_give_up, name="payment-give-up"),
    *(sandbox_pages if settings.PAYMENT_SANDBOX else []),
]

urlpatterns = [path("billing/", include(pages))]
