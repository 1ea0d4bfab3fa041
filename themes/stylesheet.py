"""The town's stylesheet: nothing but the colours that its brand gives, as CSS custom properties."""

import hashlib
from functools import lru_cache

from themes.tokens import PAID_ROLE, STATIC_ROLES, Palette, Scale, Scheme, compute_palette, declarations, paid_colour

_HASH_LENGTH = 12


def _scheme_block(palettes: dict[str, Palette], scheme: Scheme) -> str:
    """All colours of one scheme. The focus ring is the neutral text around the neutral background."""
    scales: dict[str, Scale] = {role: getattr(palette, scheme) for role, palette in palettes.items()}
    neutral = scales["neutral"]
    return (
        "".join(declarations(role, scale) for role, scale in scales.items())
        + f"--ds-color-focus-inner:{neutral.background_default};"
        + f"--ds-color-focus-outer:{neutral.text_default};"
        + f"color-scheme:{scheme};"
    )


@lru_cache(maxsize=512)
def render_stylesheet(brand_colour: str) -> str:
    """The CSS of a town whose brand is `brand_colour` (`#rrggbb`); light, dark, and the device's choice.

    Holds colours only, so a town can never bring a rule of its own. Raises ValidationError.
    """
    palettes = {"accent": compute_palette(brand_colour)}
    palettes |= {role: compute_palette(colour) for role, colour in STATIC_ROLES.items()}
    palettes[PAID_ROLE] = compute_palette(paid_colour(brand_colour))
    light, dark = (_scheme_block(palettes, scheme) for scheme in Scheme)
    return (
        f"@layer ds.theme.color-scheme{{:root,[data-color-scheme]{{{light}}}"
        f"[data-color-scheme=dark]{{{dark}}}"
        f"@media (prefers-color-scheme:dark){{[data-color-scheme=auto]{{{dark}}}}}}}"
    )


@lru_cache(maxsize=512)
def compute_version(brand_colour: str) -> str:
    """A short hash of the stylesheet: it changes when, and only when, what is served changes."""
    return hashlib.sha256(render_stylesheet(brand_colour).encode()).hexdigest()[:_HASH_LENGTH]
