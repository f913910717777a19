from django.urls import path

from staff.views import accounts, helpdesk, own_number

app_name = "staff"

urlpatterns = [
    path("<slug:school_slug>/invitation/", accounts.invitation, name="invitation"),
    path("<slug:school_slug>/staff-accounts/", accounts.staff_list, name="staff-accounts"),
    path("<slug:school_slug>/staff-accounts/invite/", accounts.staff_invite, name="staff-invite"),
    path("<slug:school_slug>/staff-accounts/file/", accounts.staff_file, name="staff-file"),
    path("<slug:school_slug>/staff-accounts/file/template.xlsx", accounts.staff_template, name="staff-template"),
    path("<slug:school_slug>/staff-accounts/file/<int:pk>/", accounts.staff_import_page, name="staff-import"),
    path("<slug:school_slug>/staff-accounts/<int:pk>/", accounts.staff_person, name="staff-person"),
    path("<slug:school_slug>/staff-accounts/<int:pk>/link/", accounts.staff_link, name="staff-link"),
    path("<slug:school_slug>/staff-accounts/<int:pk>/switch/", accounts.staff_switch, name="staff-switch"),
    path("<slug:school_slug>/staff-accounts/<int:pk>/number/", accounts.staff_number, name="staff-number"),
    path(
        "<slug:school_slug>/staff-accounts/<int:pk>/second-factor/",
        accounts.staff_second_factor,
        name="staff-second-factor",
    ),
    path("<slug:school_slug>/helpdesk/", helpdesk.home, name="helpdesk"),
    path("<slug:school_slug>/helpdesk/families/<int:pk>/", helpdesk.family, name="helpdesk-family"),
    path("<slug:school_slug>/helpdesk/families/<int:pk>/reset/", helpdesk.family_reset, name="helpdesk-reset"),
    path("<slug:school_slug>/helpdesk/families/<int:pk>/unlock/", helpdesk.family_unlock, name="helpdesk-unlock"),
    path("<slug:school_slug>/helpdesk/staff/<int:pk>/unlock/", helpdesk.staff_unlock, name="helpdesk-staff-unlock"),
    path("<slug:school_slug>/helpdesk/mails/<int:pk>/resend/", helpdesk.mail_resend, name="helpdesk-resend"),
    path("<slug:school_slug>/staff/number/", own_number.own_number, name="own-number"),
]
