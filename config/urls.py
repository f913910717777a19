"""All addresses. What the city owns comes first; the rest belongs to a school by its own name.

Each request tries patterns until one fits: what begins alike is tried once, by one `include`.
"""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from accounts.views.language import set_language
from config import desk_search, first_steps, mail_preview, views
from config.gallery import views as gallery

MAILS_OF_DEVELOPMENT = [
    path("mail/preview/", mail_preview.mail_list, name="mail-previews"),
    path("mail/preview/<slug:kind>/", mail_preview.mail, name="mail-preview"),
    path("mail/preview/<slug:kind>/<slug:language>/<int:number>/", mail_preview.mail_html, name="mail-preview-html"),
    path("mail/", include("notifications.urls")),
]
urlpatterns = [
    path("health/", views.health, name="health"),
    path("i18n/language/", set_language, name="set_language"),
    path("gallery/", gallery.gallery, name="gallery"),
    path("gallery/mail/", gallery.mail, name="gallery-mail"),
    path("admin/", admin.site.urls),
    *(MAILS_OF_DEVELOPMENT if settings.MAILBOX_DIR else []),
    path("city/", include("config.city.urls")),
    path("help/", include("config.help.urls")),
    path("<slug:school_slug>/search/", desk_search.search, name="desk-search"),
    path("<slug:school_slug>/first-steps/", first_steps.first_steps, name="desk-first-steps"),
    path("<slug:school_slug>/review/", include("review.urls")),
    path("<slug:school_slug>/registry/", include("registry.urls")),
    path("", include("oidc.urls")),
    path("", include("billing.urls")),
    path("", include("binding.urls")),
    path("", include("staff.urls")),
    path("", include("accounts.urls")),
]

handler400 = "config.views.bad_request"
handler403 = "config.views.forbidden"
handler404 = "config.views.not_found"
handler500 = "config.views.server_error"
