"""How an e-mail looks: the town's brand round plain text, with the styles in each tag, as mail programs want them."""

import re
from dataclasses import dataclass

import css_inline
from django.template.loader import render_to_string

from aid.configuration.models import Identity
from themes.brand import format_telephone
from themes.tokens import compute_palette

# « Répondre : https://… », or an address alone.
ADDRESS = re.compile(r"(?:(?P<label>[^:\n]{2,60}?)\s*:\s*)?(?P<url>https?://\S+)")
WITHOUT_LABEL = "Ouvrir la page"


@dataclass(frozen=True)
class Paragraph:
    """Some lines of text, or the e-mail's one button."""

    text: str
    url: str = ""


def html(town: Identity, subject: str, body: str, unsubscribe: str = "") -> str:
    """The whole page of an e-mail, with no picture and nothing to fetch; `unsubscribe` is where one wants no more."""
    page = render_to_string(
        "emails/message.html",
        {
            "name": town.public_name,
            "colours": compute_palette(town.brand_colour).light,
            "subject": subject,
            "paragraphs": paragraphs(body),
            "telephone": town.telephone,
            "telephone_display": format_telephone(town.telephone),
            "opening_hours": town.opening_hours,
            "unsubscribe": unsubscribe,
        },
    )
    return css_inline.inline(page, load_remote_stylesheets=False)


def plain(town: Identity, body: str, unsubscribe: str = "") -> str:
    """The same for who reads plain text."""
    telephone = f"\nTéléphone : {format_telephone(town.telephone)}" if town.telephone else ""
    no_more = f"\nNe plus recevoir ces messages : {unsubscribe}" if unsubscribe else ""
    return f"{body.strip()}\n\n-- \n{town.public_name}{telephone}{no_more}\n"


def paragraphs(body: str) -> list[Paragraph]:
    """The text by paragraphs; the first line that is an address becomes the button."""
    found: list[Paragraph] = []
    has_button = False
    for block in re.split(r"\n\s*\n", body.strip()):
        lines: list[str] = []
        for line in block.splitlines():
            address = None if has_button else ADDRESS.fullmatch(line.strip())
            if address is None:
                lines.append(line)
                continue
            has_button = True
            if lines:
                found.append(Paragraph("\n".join(lines)))
                lines = []
            found.append(Paragraph(address["label"] or WITHOUT_LABEL, url=address["url"]))
        if lines:
            found.append(Paragraph("\n".join(lines)))
    return found
