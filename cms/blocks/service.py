"""Sections that show what the town's service is: how it works, what it offers, what it did, how to reach it."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse
from wagtail import blocks
from wagtail.models import Page

from aid.configuration.enums import ASKING_ON_SITE
from aid.configuration.services import identity, kinds_of_help
from aid.directory.services import shown as shown_in_directory
from aid.facts.services import Figures, figures
from cms.actions import main_actions
from cms.shown import link_to, shown
from core.french import grouped, listed
from themes.brand import format_telephone

TWO = 2


class StepBlock(blocks.StructBlock):
    """One thing to do."""

    title = blocks.CharBlock(label="titre", max_length=60)
    text = blocks.TextBlock(label="texte", max_length=240)


class StepsBlock(blocks.StructBlock):
    """What happens, in order: three steps at best."""

    title = blocks.CharBlock(label="titre", max_length=80)
    steps = blocks.ListBlock(StepBlock(), label="étapes", min_num=2, max_num=4)

    class Meta:
        label = "Étapes"
        icon = "list-ol"
        template = "cms/blocks/steps.html"


class KindsBlock(blocks.StructBlock):
    """What neighbours can help with: the kinds of help that the town offers today."""

    title = blocks.CharBlock(label="titre", max_length=80)
    text = blocks.CharBlock(label="texte", max_length=200, required=False)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the kinds of help that somebody may ask for here, each leading to its request; professionals apart."""
        ask = reverse("help_requests:what")
        kinds = [kind for kind in kinds_of_help() if kind.is_asked_by(ASKING_ON_SITE)]
        items = [
            {
                "title": kind.name,
                "text": kind.summary,
                "icon": kind.icon,
                "picture": kind.card_picture,
                "url": f"{ask}?aide={kind.slug}",
            }
            for kind in kinds
        ]
        paid = [kind.name for kind in kinds if kind.shows_professionals]
        return super().get_context(value, parent_context) | {
            "items": items,
            "paid": listed(paid) if paid and shown_in_directory().professionals else "",
        }

    class Meta:
        label = "Aides proposées"
        icon = "group"
        template = "cms/blocks/kinds.html"


def shown_figures(sums: Figures) -> list[dict[str, str]]:
    """Values and labels for a page, singular or plural as French has it; what is nought is left out."""
    words = [
        (sums.services, "service rendu", "services rendus"),
        (sums.hours, "heure donnée", "heures données"),
        (sums.volunteers, "bénévole", "bénévoles"),
        (sums.people_helped, "personne aidée", "personnes aidées"),
    ]
    return [{"value": grouped(value), "label": one if value < TWO else many} for value, one, many in words if value]


class FiguresBlock(blocks.StructBlock):
    """What was done so far, counted by the town's facts; nothing is shown before the first of them."""

    title = blocks.CharBlock(label="titre", max_length=80)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the sums that are not nought, each with its words."""
        return super().get_context(value, parent_context) | {"shown": shown_figures(figures())}

    class Meta:
        label = "Chiffres"
        icon = "table"
        template = "cms/blocks/figures.html"


class NewsBlock(blocks.StructBlock):
    """The last three news; nothing is shown before the first of them."""

    title = blocks.CharBlock(label="titre", max_length=80)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the news, and where all of them are."""
        ours = shown()
        return super().get_context(value, parent_context) | {"items": ours.news, "more_url": ours.news_url}

    class Meta:
        label = "Nouvelles"
        icon = "doc-full"
        template = "cms/blocks/news.html"


class TelephoneBlock(blocks.StructBlock):
    """The town's telephone, large. Its number and hours are those of the town's identity."""

    title = blocks.CharBlock(label="titre", max_length=80)
    text = blocks.TextBlock(label="texte", max_length=240, required=False)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the identity."""
        ours = identity()
        return super().get_context(value, parent_context) | {
            "identity": ours,
            "telephone_display": format_telephone(ours.telephone),
        }

    class Meta:
        label = "Téléphone"
        icon = "mobile-alt"
        template = "cms/blocks/telephone.html"


class ContactBlock(blocks.StructBlock):
    """All the ways to reach the town, from its identity: telephone, hours, address, e-mail."""

    title = blocks.CharBlock(label="titre", max_length=80)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the identity."""
        ours = identity()
        return super().get_context(value, parent_context) | {
            "identity": ours,
            "telephone_display": format_telephone(ours.telephone),
        }

    class Meta:
        label = "Nous joindre"
        icon = "mail"
        template = "cms/blocks/contact.html"


class LinkedPageBlock(blocks.PageChooserBlock):
    """A page, kept as its number: what every visitor is led to is read once (cms.shown), not at each section."""

    def to_python(self, value: int | None) -> int | None:
        """The number."""
        return value

    def bulk_to_python(self, values: Iterable[int | None]) -> list[int | None]:
        """The numbers."""
        return list(values)

    def get_prep_value(self, value: int | None) -> int | None:
        """The number."""
        return value

    def value_from_form(self, value: Page | int | None) -> int | None:
        """The number of what was chosen."""
        return getattr(value, "pk", value)

    def extract_references(self, value: int | None) -> Iterator[tuple[type[Page], str, str, str]]:
        """As Wagtail's."""
        if value:
            yield Page, str(value), "", ""


class CallBlock(blocks.StructBlock):
    """An invitation to act: towards a page of the site, or to ask and to call."""

    title = blocks.CharBlock(label="titre", max_length=80)
    text = blocks.TextBlock(label="texte", max_length=240, required=False)
    page = LinkedPageBlock(label="page", required=False, help_text="Vide : demander, ou appeler.")
    label = blocks.CharBlock(label="texte du bouton", max_length=60, required=False)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the buttons: the page's, or those of every home page."""
        page = link_to(value["page"]) if value["page"] else None
        actions = [{"label": value["label"] or page.title, "url": page.url}] if page else main_actions()
        return super().get_context(value, parent_context) | {"actions": actions}

    class Meta:
        label = "Invitation"
        icon = "arrow-right"
        template = "cms/blocks/call.html"


class JoinBlock(blocks.StructBlock):
    """An invitation to help: it leads to the application on the site."""

    title = blocks.CharBlock(label="titre", max_length=80)
    text = blocks.TextBlock(label="texte", max_length=240, required=False)
    label = blocks.CharBlock(label="texte du bouton", max_length=60, default="Proposer mon aide")

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the button."""
        actions = [{"label": value["label"], "url": reverse("offers:apply")}]
        return super().get_context(value, parent_context) | {"actions": actions}

    class Meta:
        label = "Devenir bénévole"
        icon = "group"
        template = "cms/blocks/call.html"
