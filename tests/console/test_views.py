"""Palier's own pages."""

from django.test import RequestFactory

from console import views


def test_home_says_what_it_costs_in_no_break_spaces(rf: RequestFactory) -> None:
    html = views.home(rf.get("/", HTTP_HOST="localhost")).content.decode()
    assert html.count("<h1") == 1
    assert "1\u00a0000\u00a0€" in html
    assert "<title>L’entraide entre voisins, portée par votre commune – Palier</title>" in html
