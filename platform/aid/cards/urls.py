"""Where the QR of a card leads."""

from django.urls import path

from aid.cards import views

app_name = "cards"
urlpatterns = [
    path("carte/<str:token>/", views.check_card, name="check"),
    path("carte/<str:token>/photo.jpg", views.photo, name="photo"),
]
