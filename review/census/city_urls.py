from django.urls import path

from review.census import views as census

app_name = "city"

urlpatterns = [
    path("census/", census.city_census, name="census"),
    path("census/export/<str:form>/", census.city_census_export, name="census-export"),
]
