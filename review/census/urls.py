from django.urls import path

from review.census import views as census

urlpatterns = [
    path("census/", census.school_census, name="census"),
    path("census/export/<str:form>/", census.school_census_export, name="census-export"),
    path("census/mismatches/", census.mismatches, name="mismatches"),
]
