from django.urls import include, path

from staff.views import accounts, face, forgotten, helpdesk, own_number, school

app_name = "staff"

people = [
    path("", accounts.staff_list, name="staff-accounts"),
    path("invite/", accounts.staff_invite, name="staff-invite"),
    path("file/", accounts.staff_file, name="staff-file"),
    path("file/template.xlsx", accounts.staff_template, name="staff-template"),
    path("file/<int:pk>/", accounts.staff_import_page, name="staff-import"),
    path("school/", school.own_school, name="own-school"),
    path("school/face/", face.own_face, name="own-face"),
    path("events/", school.event_log, name="event-log"),
    path("<int:pk>/", accounts.staff_person, name="staff-person"),
    path("<int:pk>/link/", accounts.staff_link, name="staff-link"),
    path("<int:pk>/switch/", accounts.staff_switch, name="staff-switch"),
    path("<int:pk>/number/", accounts.staff_number, name="staff-number"),
    path("<int:pk>/second-factor/", accounts.staff_second_factor, name="staff-second-factor"),
]

desk = [
    path("", helpdesk.home, name="helpdesk"),
    path("families/<int:pk>/", helpdesk.family, name="helpdesk-family"),
    path("families/<int:pk>/reset/", helpdesk.family_reset, name="helpdesk-reset"),
    path("families/<int:pk>/unlock/", helpdesk.family_unlock, name="helpdesk-unlock"),
    path("staff/<int:pk>/unlock/", helpdesk.staff_unlock, name="helpdesk-staff-unlock"),
    path("mails/<int:pk>/resend/", helpdesk.mail_resend, name="helpdesk-resend"),
]

urlpatterns = [
    path("<slug:school_slug>/emblem/<slug:digest>.png", face.emblem, name="emblem"),
    path("<slug:school_slug>/login/staff/forgotten/", forgotten.forgotten, name="staff-forgotten"),
    path("<slug:school_slug>/invitation/", accounts.invitation, name="invitation"),
    path("<slug:school_slug>/staff-accounts/", include(people)),
    path("<slug:school_slug>/helpdesk/", include(desk)),
    path("<slug:school_slug>/staff/number/", own_number.own_number, name="own-number"),
]
