"""Whatever colour a town picks, its pages stay readable."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from themes.colours import contrast, from_hex, hue, hue_distance
from themes.stylesheet import render_stylesheet
from themes.tokens import (
    PAID_COLOURS,
    PAID_ROLE,
    Scheme,
    compute_palette,
    compute_scale,
    paid_colour,
    validate_colour,
)

any_colour = st.integers(min_value=0, max_value=0xFFFFFF).map(lambda number: f"#{number:06x}")
BACKGROUNDS = ["background_default", "background_tinted", "surface_default", "surface_tinted"]


@pytest.mark.parametrize("scheme", list(Scheme))
@given(colour=any_colour)
def test_text_contrasts_at_7_with_every_background(scheme: Scheme, colour: str) -> None:
    scale = compute_scale(colour, scheme)
    for background in [*BACKGROUNDS, "surface_hover", "surface_active"]:
        assert contrast(scale.text_default, getattr(scale, background)) >= 7, background


@pytest.mark.parametrize("scheme", list(Scheme))
@given(colour=any_colour)
def test_subtle_text_contrasts_at_4_5_and_borders_at_3(scheme: Scheme, colour: str) -> None:
    scale = compute_scale(colour, scheme)
    for background in BACKGROUNDS:
        assert contrast(scale.text_subtle, getattr(scale, background)) >= 4.5, background
        assert contrast(scale.border_default, getattr(scale, background)) >= 3, background


@pytest.mark.parametrize("scheme", list(Scheme))
@given(colour=any_colour)
def test_a_button_stays_readable_at_rest_hovered_and_pressed(scheme: Scheme, colour: str) -> None:
    scale = compute_scale(colour, scheme)
    for base in ["base_default", "base_hover", "base_active"]:
        assert contrast(getattr(scale, base), scale.base_contrast_default) >= 4.5, base


# What Designsystemet's own command line (1.15.0) gives for these colours.
PUBLISHED = {
    ("#0b6e4f", Scheme.LIGHT): {
        "background_tinted": "#eef5f3",
        "surface_tinted": "#deebe7",
        "surface_active": "#b1d1c7",
        "border_default": "#34866d",
        "text_subtle": "#0b6a4c",
        "text_default": "#053224",
        "base_default": "#0b6e4f",
        "base_hover": "#09583f",
        "base_active": "#074431",
        "base_contrast_subtle": "#d9e9e4",
        "base_contrast_default": "#ffffff",
    },
    ("#0b6e4f", Scheme.DARK): {
        "background_default": "#0d1a15",
        "surface_tinted": "#193328",
        "border_default": "#608a79",
        "text_default": "#e7eeeb",
        "base_default": "#569b85",
        "base_hover": "#77ae9d",
        "base_active": "#98c2b5",
        "base_contrast_subtle": "#101d18",
        "base_contrast_default": "#000000",
    },
}


@pytest.mark.parametrize(("source", "expected"), PUBLISHED.items())
def test_the_scale_is_designsystemet_s(source: tuple[str, Scheme], expected: dict[str, str]) -> None:
    scale = compute_scale(*source)
    assert {name: getattr(scale, name) for name in expected} == expected


def test_a_yellow_town_stays_yellow_at_night() -> None:
    palette = compute_palette("#FFC20E")
    assert palette.dark.base_default == palette.light.base_default == "#ffc20e"
    assert palette.dark.base_contrast_default == "#000000"


@pytest.mark.parametrize("text", ["", "#fff", "0B6E4F", "#0B6E4G", "#0B6E4F;}", "#0B6E4F\n", "red", "#0B6E4F00"])
def test_anything_but_six_digits_is_refused_in_french(text: str) -> None:
    validate_colour("#0B6E4F")
    with pytest.raises(ValidationError, match="six chiffres ou lettres"):
        validate_colour(text)
    with pytest.raises(ValidationError):
        compute_scale(text, Scheme.LIGHT)


@given(colour=any_colour)
def test_what_is_paid_for_is_never_of_the_town_s_own_hue(colour: str) -> None:
    apart = hue_distance(hue(from_hex(paid_colour(colour))), hue(from_hex(colour)))
    assert apart >= 60
    sheet = render_stylesheet(colour)
    for field in ("text-default", "surface-tinted", "border-default"):
        assert f"--ds-color-{PAID_ROLE}-{field}:" in sheet


@pytest.mark.parametrize("scheme", list(Scheme))
@pytest.mark.parametrize("colour", PAID_COLOURS)
def test_what_is_paid_for_is_read_as_well_as_the_rest(scheme: Scheme, colour: str) -> None:
    scale = compute_scale(colour, scheme)
    assert contrast(scale.text_default, scale.surface_tinted) >= 7
    assert contrast(scale.border_default, scale.background_default) >= 3
    assert contrast(scale.base_default, scale.base_contrast_default) >= 4.5
