from django.urls import include, path

app_name = "billing"

urlpatterns = [
    path("", include(f"billing.{package}.urls"))
    for package in ("family", "bills", "paper", "payments", "collection", "api")
]
