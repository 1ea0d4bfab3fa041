"""What every visitor is led to: the menu, main pages, last news. One query, kept until the town's pulse changes."""

import datetime
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Exists, Q, QuerySet
from wagtail.models import Page, PageViewRestriction

from themes.pictures import Picture, picture

CACHE_KEY = "cms.shown"
LATEST = 3
BELOW_HOME = 3  # depth in the tree
CARD_SIZE = "fill-640x360"


@dataclass(frozen=True)
class PageLink:
    """A page, as a link to it needs."""

    title: str
    url: str


@dataclass(frozen=True)
class NewsCard:
    """A news as cards show it."""

    title: str
    url: str
    date: datetime.date
    text: str
    picture: Picture | None


@dataclass(frozen=True)
class Shown:
    """What the town shows around its pages."""

    has_private_pages: bool
    menu: list[PageLink]
    footer: list[PageLink]
    # The pages right under the home, by number: those that sections lead to.
    pages: dict[int, PageLink]
    news: list[NewsCard]
    news_url: str


def shown() -> Shown:
    """What the town shows now."""
    known = cache.get(CACHE_KEY)
    if known is None:
        known = _read()
        cache.set(CACHE_KEY, known)
    return known


def path_of(page: Page) -> str:
    """The address of a page on its town's site. A town has one site, whose root is the home: no need to ask which."""
    _, _, below_home = page.url_path.lstrip("/").partition("/")
    return f"/{below_home}"


def link_to(number: int) -> PageLink | None:
    """The link to a page that visitors may read; None if there is none of this number."""
    known = shown().pages.get(number)
    if known is None:
        page = Page.objects.live().public().filter(pk=number, depth__gte=BELOW_HOME).first()
        known = PageLink(page.title, path_of(page)) if page else None
    return known


def card_of(page: Page) -> NewsCard:
    """The card of a news. `page` is a NewsPage."""
    return NewsCard(
        title=page.title,
        url=path_of(page),
        date=page.date,
        text=page.introduction,
        picture=picture(page.image, CARD_SIZE, alt=page.image_alt),
    )


def _read() -> Shown:
    pages = list(_wanted(Page.objects.live()))
    # One row tells for all; a town without any page asks by itself.
    restricted = pages[0].has_private_pages if pages else PageViewRestriction.objects.exists()
    if restricted:
        pages = list(_wanted(Page.objects.live().public()))
    news = sorted(
        (page.newspage for page in pages if hasattr(page, "newspage")), key=lambda one: (one.date, one.pk), reverse=True
    )
    index = next((page for page in pages if hasattr(page, "newsindexpage")), None)
    return Shown(
        has_private_pages=restricted,
        menu=[PageLink(page.title, path_of(page)) for page in pages if page.show_in_menus],
        footer=[
            PageLink(page.title, path_of(page))
            for page in pages
            if page.depth == BELOW_HOME and not hasattr(page, "legalpage")
        ],
        pages={page.pk: PageLink(page.title, path_of(page)) for page in pages if page.depth == BELOW_HOME},
        news=[card_of(page) for page in news[:LATEST]],
        news_url=path_of(index) if index else "",
    )


def _wanted(pages: QuerySet[Page]) -> QuerySet[Page]:
    """Of these pages: those right under the home, those of the menu, and the last news."""
    latest = pages.filter(newspage__isnull=False).order_by("-newspage__date", "-pk").values("pk")[:LATEST]
    return (
        pages.filter(Q(depth=BELOW_HOME) | Q(show_in_menus=True, depth__gt=BELOW_HOME) | Q(pk__in=latest))
        .select_related("newspage__image", "newsindexpage", "legalpage")
        .prefetch_related("newspage__image__renditions")
        .annotate(has_private_pages=Exists(PageViewRestriction.objects.all()))
        .order_by("path")
    )
