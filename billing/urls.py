from django.urls import path

from billing.payment_urls import desk_pages, online
from billing.slip_urls import slip_pages
from billing.views import home

app_name = "billing"

urlpatterns = [
    path("billing/", home.home, name="home"),
    *online,
    *desk_pages,
    *slip_pages,
]
