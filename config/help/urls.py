from django.urls import path

from config.help import views

app_name = "help"
urlpatterns = [
    path("", views.index, name="index"),
    path("guide/", views.way, name="guide"),
    path("people/", views.people, name="people"),
    path("people/mandate/<str:language>.pdf", views.mandate_form, name="mandate"),
    path("people/<slug:slug>/", views.situation, name="situation"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
]
