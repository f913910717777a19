from django.urls import path
from billing.views import password
app_name = "billing"
urlpatterns = [
    path("billing/", password.password, name="home"),
    path("billing/callback/<slug:gateway>/", password.password, name="callback"),
    path("billing/payments/<slug:reference>/", password.password, name="payment"),
]
