from django.urls import path

from notifications import views

app_name = "notifications"

urlpatterns = [
    path("", views.mail_list, name="list"),
    path("<str:key>/", views.mail, name="mail"),
    path("<str:key>/html/", views.mail_html, name="html"),
]
