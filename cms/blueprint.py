"""The starter pages of a town, from its blueprint; then its own name and address on them."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail import blocks
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page, Site

from accounts.services import ADMINISTRATORS
from cms.enums import LegalKind
from cms.pages.models import ContentPage, HomePage, LegalPage
from cms.pages.news import NewsIndexPage, NewsPage
from core.text import slug
from tenants import blueprints, domains
from tenants.opening import Opening

# What a blueprint may write here; anything else is refused.
KEYS = frozenset({"hero_title", "hero_text", "sections", "pages", "news", "news_introduction"})
PAGE_KEYS = frozenset({"title", "introduction", "menu", "sections"})
NEWS_KEYS = frozenset({"title", "introduction", "text"})

# Addresses that aid.configuration.brand links from every page.
LEGAL_SLUGS = {
    LegalKind.LEGAL_NOTICE: "mentions-legales",
    LegalKind.PRIVACY: "donnees-personnelles",
    LegalKind.ACCESSIBILITY: "accessibilite",
}
PAGE_RIGHTS = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page", "bulk_delete_page")
FILE_RIGHTS = (
    "add_image",
    "change_image",
    "delete_image",
    "choose_image",
    "add_document",
    "change_document",
    "delete_document",
    "choose_document",
)


def fill(blueprint: blueprints.Blueprint) -> None:
    """Make the home page, the other pages, the site, and the rights of administrators on them.

    Raises BlueprintContentError where the file says what no page can show.
    """
    section, where = blueprint.section("cms"), f"{blueprint.slug}: cms"
    blueprints.check_keys(section, KEYS, where)
    # Treebeard's delete, page by page: Wagtail's first migrations leave a welcome page in English.
    Site.objects.all().delete()
    Page.objects.filter(depth__gt=1).delete()
    home = Page.objects.get(depth=1).add_child(
        instance=HomePage(
            title=blueprint.title,
            slug="accueil",
            hero_title=section["hero_title"],
            hero_text=section["hero_text"],
        )
    )
    Site.objects.create(hostname="modele.invalid", port=80, root_page=home, is_default_site=True)
    _add_pages(home, section.get("pages", []), where)
    _add_news(home, section, where)
    for kind, name in LEGAL_SLUGS.items():
        home.add_child(instance=LegalPage(title=kind.label.capitalize(), slug=name, kind=kind, body=[]))
    home.body = _sections(home, section["sections"], where)
    home.save()
    _give_rights(home)


def _add_pages(home: HomePage, pages: Iterable[dict[str, Any]], where: str) -> None:
    """Add the pages, then write them: any of them may lead to another."""
    made = []
    for told in pages:
        blueprints.check_keys(told, PAGE_KEYS, f"{where}.pages")
        page = ContentPage(
            title=told["title"],
            slug=slug(told["title"]),
            introduction=told.get("introduction", ""),
            show_in_menus=told.get("menu", False),
        )
        made.append((home.add_child(instance=page), told))
    for page, told in made:
        page.body = _sections(home, told.get("sections", []), f"{where}.pages « {page.title} »")
        page.save()


def _add_news(home: HomePage, section: dict[str, Any], where: str) -> None:
    index = home.add_child(
        instance=NewsIndexPage(
            title="Nouvelles",
            slug="nouvelles",
            introduction=section.get("news_introduction", ""),
            show_in_menus=True,
        )
    )
    for told in section.get("news", []):
        blueprints.check_keys(told, NEWS_KEYS, f"{where}.news")
        index.add_child(instance=NewsPage(slug=slug(told["title"]), **told))


def _sections(home: HomePage, told: Iterable[dict[str, Any]], where: str) -> Any:
    """The sections of a page, in the order that the blueprint tells them, checked as a form would."""
    stream = home._meta.get_field("body").stream_block
    value = stream.to_python([{"type": one["type"], "value": _value(stream, home, one, where)} for one in told])
    try:
        return stream.clean(value)
    except ValidationError as error:
        raise blueprints.BlueprintContentError(f"{where} : {error.as_json_data()}") from error


def _value(stream: blocks.StreamBlock, home: HomePage, one: dict[str, Any], where: str) -> Any:
    """What Wagtail keeps of a section: a writing's own text, or the fields of a structure."""
    blueprints.check_keys([one["type"]], stream.child_blocks, where)
    value = {key: told for key, told in one.items() if key != "type"}
    block = stream.child_blocks[one["type"]]
    if not isinstance(block, blocks.StructBlock):
        blueprints.check_keys(value, {"text"}, f"{where}, {one['type']}")
        return value["text"]
    _check_structure(block, value, f"{where}, {one['type']}")
    if "page" in value:
        # A page is told by its address: its number is not known before it is made.
        value["page"] = Page.objects.child_of(home).get(slug=value["page"]).pk
    return value


def _check_structure(block: blocks.StructBlock, value: dict[str, Any], where: str) -> None:
    """Refuse unknown keys, in lists of structures too."""
    blueprints.check_keys(value, block.child_blocks, where)
    for name, told in value.items():
        child = block.child_blocks[name]
        if isinstance(child, blocks.ListBlock) and isinstance(child.child_block, blocks.StructBlock):
            for item in told:
                _check_structure(child.child_block, item, f"{where}, {name}")


def _give_rights(home: Page) -> None:
    group = Group.objects.get(name=ADMINISTRATORS)
    permissions = {
        permission.codename: permission
        for permission in Permission.objects.filter(
            content_type__app_label__in=("wagtailcore", "wagtailimages", "wagtaildocs"),
            codename__in=PAGE_RIGHTS + FILE_RIGHTS,
        )
    }
    GroupPagePermission.objects.bulk_create(
        GroupPagePermission(group=group, page=home, permission=permissions[name]) for name in PAGE_RIGHTS
    )
    collection = Collection.objects.get(depth=1)
    GroupCollectionPermission.objects.bulk_create(
        GroupCollectionPermission(group=group, collection=collection, permission=permissions[name])
        for name in FILE_RIGHTS
    )


def personalise(opening: Opening) -> None:
    """Write the town's address on its site, its name on its home page, and today on its first news."""
    name = opening.town.name
    # Wagtail previews pages on the site's host name: another town's would answer 404 (measured).
    Site.objects.update(hostname=opening.domain, site_name=name)
    NewsPage.objects.update(date=timezone.localdate())
    home = HomePage.objects.get()
    home.title = home.draft_title = name
    home.save()


def tell(blueprint: blueprints.Blueprint) -> list[blueprints.Told]:
    """Say which pages are written already."""
    section = blueprint.section("cms")
    pages = (page["title"] for page in section.get("pages", []))
    legal = (kind.label.capitalize() for kind in LEGAL_SLUGS)
    return [blueprints.Told("Les pages déjà écrites", ("Accueil", *pages, "Nouvelles", *legal))]


def follow_address(domain: str) -> None:
    """Have the site of the town that the connection is in say its new address: letters and previews lead there."""
    Site.objects.update(hostname=domain)


def register() -> None:
    """Called when the app is ready."""
    blueprints.register(blueprints.Installer("cms", order=50, fill=fill, personalise=personalise, tell=tell))
    domains.register(follow_address)
