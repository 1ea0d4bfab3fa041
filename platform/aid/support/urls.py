"""Where the one link of an access leads."""

from django.urls import path

from aid.support import views

app_name = "support"
urlpatterns = [path("assistance/<str:token>/", views.enter, name="enter")]
