"""Addresses of the door, on every host. Names are those that django-allauth asks for; it has no other page here."""

from django.urls import path

from accounts import by_letter, by_password, open_sessions, own_password, security, views

urlpatterns = [
    path("connexion/", views.SignIn.as_view(), name="account_request_login_code"),
    path("connexion/", views.SignIn.as_view(), name="account_login"),
    path("connexion/code/", views.ConfirmCode.as_view(), name="account_confirm_login_code"),
    path("connexion/mot-de-passe/", by_password.ByPassword.as_view(), name="by_password"),
    path("connexion/courrier/", by_letter.by_letter, name="by_letter"),
    path("deconnexion/", views.SignOut.as_view(), name="account_logout"),
    path("mon-espace/appareils/", open_sessions.devices, name="devices"),
    path("mon-espace/mot-de-passe/", own_password.password, name="password"),
    path("securite/", security.overview, name="security"),
    path("securite/verification/", security.check, name="second_step"),
    path("securite/activer/", security.enrol, name="second_step_enrol"),
    path("securite/cle/", security.add_passkey, name="add_passkey"),
    path("securite/codes-de-secours/", security.rescue_codes, name="rescue_codes"),
    path("securite/collegue/<uuid:uid>/", security.forget_colleague, name="forget_colleague"),
]
