"""What the order of the settings costs each page."""

from django.apps import apps


def test_each_static_file_of_a_page_finds_its_app_at_once():
    """Django looks for it from the first app on, for each: once it was thousands of looks a page."""
    assert [app.name for app in apps.get_app_configs()].index("django.contrib.staticfiles") <= 1
