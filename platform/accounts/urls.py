"""Addresses of the door, on every host. Names are those that django-allauth asks for; it has no other page here."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("connexion/", views.SignIn.as_view(), name="account_request_login_code"),
    path("connexion/", views.SignIn.as_view(), name="account_login"),
    path("connexion/code/", views.ConfirmCode.as_view(), name="account_confirm_login_code"),
    path("deconnexion/", views.SignOut.as_view(), name="account_logout"),
]
