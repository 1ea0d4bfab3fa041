"""Addresses of a town's site."""

from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from accounts.services import BACK_OFFICE
from accounts.views import SignOut, to_sign_in
from tenants.views import public_file

urlpatterns = [
    # Wagtail's own doors, which ask for a password, give way to ours.
    path("gestion/login/", to_sign_in, {"then": BACK_OFFICE}, name="wagtailadmin_login"),
    path("gestion/logout/", SignOut.as_view(), name="wagtailadmin_logout"),
    path("_util/login/", to_sign_in, name="wagtailcore_login"),
    path("gestion/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("fichiers/<path:path>", public_file, name="public_file"),
    path("bureau/contrat/", include("billing.urls")),
    path("bureau/", include("aid.desk.urls")),
    path("api/", include("api.urls")),
    path("", include("themes.urls")),
    path("", include("accounts.urls")),
    path("", include("aid.moderation.urls")),
    path("", include("aid.help_requests.urls")),
    path("", include("aid.proposals.urls")),
    path("", include("aid.nearby.urls")),
    path("", include("aid.cards.urls")),
    path("", include("aid.profiles.urls")),
    path("", include("aid.directory.urls")),
    path("", include("aid.offers.urls")),
    path("", include("aid.personal.urls")),
    path("", include("aid.partners.urls")),
    path("", include("aid.support.urls")),
    path("", include("aid.notifications.urls")),
    path("", include(wagtail_urls)),
]
