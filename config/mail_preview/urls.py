from django.urls import path

from config.mail_preview import views

app_name = "mail_preview"

urlpatterns = [
    path("", views.mail_list, name="list"),
    path("<slug:kind>/", views.mail, name="mail"),
    path("<slug:kind>/<slug:language>/<int:number>/", views.mail_html, name="html"),
]
