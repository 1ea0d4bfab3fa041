"""Addresses where somebody applies. They come before the pages that a town writes."""

from django.urls import path

from aid.offers import views

app_name = "offers"
urlpatterns = [
    path("devenir-benevole/candidature/", views.who, name="apply"),
    path("devenir-benevole/candidature/aides/", views.what, name="apply_what"),
    path("devenir-benevole/candidature/quelques-mots/", views.words, name="apply_words"),
    path("devenir-benevole/candidature/code/", views.code, name="apply_code"),
    path("devenir-benevole/candidature/merci/", views.applied, name="applied"),
]
