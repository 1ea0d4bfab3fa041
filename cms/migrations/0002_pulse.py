"""What visitors see of the pages beats the town's pulse (tenants.pulse), Wagtail's own tables included."""

from django.db import migrations

from tenants.pulse import Watch


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0001_initial"),
        ("tenants", "0002_pulse"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtailimages", "0027_image_description"),
    ]

    operations = [
        Watch(
            "cms_homepage",
            "cms_contentpage",
            "cms_legalpage",
            "wagtailcore_page",
            "wagtailcore_site",
            "wagtailcore_pageviewrestriction",
            "wagtailcore_collectionviewrestriction",
            "wagtailimages_image",
        )
    ]
