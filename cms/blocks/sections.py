"""Sections of a page: each is a full-width band with its own template. Here, those that an editor writes."""

from typing import Any

from wagtail import blocks
from wagtail.images.blocks import ImageBlock

from cms.blocks.service import (
    CallBlock,
    ContactBlock,
    FiguresBlock,
    JoinBlock,
    KindsBlock,
    NewsBlock,
    StepsBlock,
    TelephoneBlock,
)
from themes.pictures import picture


class TextBlock(blocks.RichTextBlock):
    """Plain writing."""

    class Meta:
        label = "Texte"
        icon = "pilcrow"
        template = "cms/blocks/text.html"


class PictureBlock(blocks.StructBlock):
    """A picture, told in words for those who do not see it."""

    image = ImageBlock(label="image")
    caption = blocks.CharBlock(label="légende", max_length=160, required=False)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the picture in its size for pages."""
        image = value["image"]
        shown = picture(image, "max-1200x900", alt=image.contextual_alt_text or "")
        return super().get_context(value, parent_context) | {"picture": shown}

    class Meta:
        label = "Image"
        icon = "image"
        template = "cms/blocks/picture.html"


class QuoteBlock(blocks.StructBlock):
    """A sentence that somebody said."""

    text = blocks.TextBlock(label="phrase", max_length=320)
    author = blocks.CharBlock(label="qui parle", max_length=120, required=False)

    class Meta:
        label = "Citation"
        icon = "openquote"
        template = "cms/blocks/quote.html"


class LinkBlock(blocks.StructBlock):
    """Another site, and what one finds there."""

    label = blocks.CharBlock(label="nom", max_length=80)
    url = blocks.URLBlock(label="adresse")
    text = blocks.CharBlock(label="ce qu’on y trouve", max_length=200, required=False)


class LinksBlock(blocks.StructBlock):
    """A group of links, a line each."""

    title = blocks.CharBlock(label="titre", max_length=80)
    links = blocks.ListBlock(LinkBlock(), label="liens", min_num=1, max_num=20)

    class Meta:
        label = "Liens"
        icon = "link-external"
        template = "cms/blocks/links.html"


class QuestionBlock(blocks.StructBlock):
    """A question, and the answer that opens under it."""

    question = blocks.CharBlock(label="question", max_length=160)
    answer = blocks.TextBlock(label="réponse", max_length=900)


class QuestionsBlock(blocks.StructBlock):
    """What people ask most."""

    title = blocks.CharBlock(label="titre", max_length=80)
    questions = blocks.ListBlock(QuestionBlock(), label="questions", min_num=1, max_num=20)

    class Meta:
        label = "Questions et réponses"
        icon = "help"
        template = "cms/blocks/questions.html"


SECTIONS = [
    ("telephone", TelephoneBlock()),
    ("steps", StepsBlock()),
    ("kinds", KindsBlock()),
    ("figures", FiguresBlock()),
    ("news", NewsBlock()),
    ("call", CallBlock()),
    ("join", JoinBlock()),
    ("contact", ContactBlock()),
    ("text", TextBlock(features=["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link"])),
    ("picture", PictureBlock()),
    ("quote", QuoteBlock()),
    ("links", LinksBlock()),
    ("questions", QuestionsBlock()),
]
