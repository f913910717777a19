from django.urls import path

from billing.api import views

urlpatterns = [
    path("billing/api/v1/bills", views.bills, name="api-bills"),
    path("billing/api/v1/bills/<int:pk>", views.bill, name="api-bill"),
]
