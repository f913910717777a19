from django.urls import path

from config import first_steps
from config.city.views import home, imports, jobs, schools, services, texts, undelivered
from review.census import views as census

app_name = "city"

urlpatterns = [
    path("", home.home, name="home"),
    path("first-steps/", first_steps.city_first_steps, name="first-steps"),
    path("schools/", schools.school_list, name="schools"),
    path("schools/list.xlsx", schools.school_export, name="schools-export"),
    path("schools/<int:pk>/switch/", schools.school_switch, name="school-switch"),
    path("schools/file/", imports.school_file, name="school-file"),
    path("schools/file/template.xlsx", imports.school_template, name="school-template"),
    path("schools/file/<int:pk>/", imports.school_import, name="school-import"),
    path("census/", census.city_census, name="census"),
    path("census/export/<str:form>/", census.city_census_export, name="census-export"),
    path("mails/", undelivered.mail_list, name="mails"),
    path("mails/<int:pk>/again/", undelivered.mail_again, name="mail-again"),
    path("jobs/", jobs.job_list, name="jobs"),
    path("texts/", texts.text_list, name="texts"),
    path("texts/<int:pk>/", texts.text, name="text"),
    path("texts/<int:pk>/publish/", texts.text_publish, name="text-publish"),
    path("services/", services.services, name="services"),
    path("services/keys/rotate/", services.keys_rotate, name="keys-rotate"),
]
