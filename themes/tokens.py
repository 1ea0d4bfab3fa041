"""From one brand colour, every colour of a town's site, with contrasts that hold whatever the colour.

The scale is Designsystemet's (Digdir, MIT), written again from its published values: eleven steps sit at a
fixed relative luminance, so text, borders and surfaces contrast alike in every town; only the `base` steps
(buttons) keep the brand's own lightness, and their text is white or black, whichever contrasts more.
"""

from dataclasses import dataclass, fields
from enum import StrEnum
from functools import lru_cache

from django.core.exceptions import ValidationError

from themes import colours


class Scheme(StrEnum):
    """The two colour schemes; the visitor's device chooses."""

    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True)
class Scale:
    """The sixteen colours of one role in one scheme, each `#rrggbb`."""

    background_default: str
    background_tinted: str
    surface_default: str
    surface_tinted: str
    surface_hover: str
    surface_active: str
    border_subtle: str
    border_default: str
    border_strong: str
    text_subtle: str
    text_default: str
    base_default: str
    base_hover: str
    base_active: str
    base_contrast_subtle: str
    base_contrast_default: str


@dataclass(frozen=True)
class Palette:
    """One role (accent, neutral…) in both schemes."""

    light: Scale
    dark: Scale


# Relative luminance of each fixed step: (light, dark). Values published by Designsystemet 1.15.
LUMINANCES = {
    "background_default": (1.0, 0.009),
    "background_tinted": (0.9, 0.014),
    "surface_default": (1.0, 0.021),
    "surface_tinted": (0.81, 0.027),
    "surface_hover": (0.7, 0.036),
    "surface_active": (0.59, 0.056),
    "border_subtle": (0.5, 0.08),
    "border_default": (0.19, 0.22),
    "border_strong": (0.11, 0.39),
    "text_subtle": (0.11, 0.39),
    "text_default": (0.0245, 0.84),
}
# Dark steps are less vivid, or large dark surfaces would glare.
DARK_CHROMA = 0.7
# Roles that no town changes. The neutral leans to warm: paper rather than steel.
STATIC_ROLES = {
    "neutral": "#5c4a3a",
    "info": "#0a71c0",
    "success": "#068718",
    "warning": "#ea9b1b",
    "danger": "#c01b1b",
}
# What is paid for stands apart from what neighbours do (professionals): the one of these that is furthest from the
# town's own colour, under a role that Designsystemet's stylesheet knows.
PAID_ROLE = "brand1"
PAID_COLOURS = ("#6b3fa0", "#8a5a00", "#00687a")
# A hovered, then a pressed button moves by this much CIE L*, once then twice.
STEP = 8
# Below this L*, a colour has no room to darken further.
VERY_DARK = 30
# Up to this L*, a colour under black text lightens; past it, two steps down stay light enough.
# Designsystemet looks at L* alone; here the label's colour decides, so its contrast never drops under 4.5.
LIGHTEST_TO_LIGHTEN = 66


def validate_colour(text: str) -> None:
    """Refuse anything but `#rrggbb`, in a French ValidationError that says what to write."""
    if not colours.is_hex(text):
        raise ValidationError(
            "Écrivez la couleur avec un dièse et six chiffres ou lettres de A à F, par exemple #0B6E4F.",
            code="invalid_colour",
        )


def text_on(colour: str) -> str:
    """White or black, whichever contrasts more with `colour`: never less than 4.58."""
    white = colours.contrast(colour, colours.WHITE_HEX)
    return colours.WHITE_HEX if white >= colours.contrast(colour, colours.BLACK_HEX) else colours.BLACK_HEX


def _at_lightness(colour: str, value: float) -> str:
    """The colour mixed with white or black until its CIE L* is `value`."""
    mixed = colours.at_luminance(colours.from_hex(colour), colours.luminance_of_lightness(value))
    return colours.to_hex(mixed)


def _base_steps(colour: str, scheme: Scheme) -> dict[str, str]:
    """The button's colours: at rest, hovered, pressed, and what is written on them."""
    level = colours.lightness(colours.from_hex(colour))
    default = colour.lower()
    if scheme is Scheme.DARK:
        # On a dark page a dark brand lightens. A light one is left alone, where Designsystemet would darken
        # it: a yellow town stays yellow at night.
        level = 70 if level <= VERY_DARK else max(level, 100 - level)
        default = _at_lightness(colour, level)
    label = text_on(default)
    darkens = level > (VERY_DARK if label == colours.WHITE_HEX else LIGHTEST_TO_LIGHTEN)
    step = -STEP if darkens else STEP
    return {
        "base_default": default,
        "base_hover": _at_lightness(colour, level + step),
        "base_active": _at_lightness(colour, level + 2 * step),
        "base_contrast_subtle": _subtle_on(default, label),
        "base_contrast_default": label,
    }


def _subtle_on(default: str, label: str) -> str:
    """A tint of the button's colour for details drawn on it, on the label's side of the scale."""
    level = colours.lightness(colours.from_hex(default))
    distance = 50 if 40 < level < 60 else 60  # noqa: PLR2004 - bounds published by Designsystemet
    return _at_lightness(default, level + (distance if label == colours.WHITE_HEX else -distance))


def compute_scale(colour: str, scheme: Scheme) -> Scale:
    """The sixteen colours that `colour` (`#rrggbb`) gives in `scheme`. Raises ValidationError."""
    validate_colour(colour)
    tint = colours.from_hex(colour)
    if scheme is Scheme.DARK:
        tint = colours.from_hex(colours.to_hex(colours.with_chroma_scaled(tint, DARK_CHROMA)))
    column = list(Scheme).index(scheme)
    steps = {
        name: colours.to_hex(colours.at_luminance(tint, luminances[column])) for name, luminances in LUMINANCES.items()
    }
    return Scale(**steps, **_base_steps(colour, scheme))


@lru_cache(maxsize=512)
def compute_palette(colour: str) -> Palette:
    """Both schemes of `colour` (`#rrggbb`). Raises ValidationError."""
    return Palette(light=compute_scale(colour, Scheme.LIGHT), dark=compute_scale(colour, Scheme.DARK))


def paid_colour(brand_colour: str) -> str:
    """The colour of what is paid for in a town of this colour: never of the same hue. Raises ValidationError."""
    validate_colour(brand_colour)
    own = colours.hue(colours.from_hex(brand_colour))
    return max(PAID_COLOURS, key=lambda one: colours.hue_distance(own, colours.hue(colours.from_hex(one))))


def declarations(role: str, scale: Scale) -> str:
    """The CSS custom properties `--ds-color-<role>-…` of a scale."""
    return "".join(
        f"--ds-color-{role}-{field.name.replace('_', '-')}:{getattr(scale, field.name)};" for field in fields(scale)
    )
