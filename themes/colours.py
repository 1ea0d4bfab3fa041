"""Arithmetic of colours: sRGB, relative luminance, contrast (WCAG 2), lightness, OKLCH. No Django here."""

import colorsys
import math
import re
from typing import NamedTuple

WHITE_HEX = "#ffffff"
BLACK_HEX = "#000000"
# Where the linear foot of each curve ends: sRGB as WCAG 2 writes it, sRGB as its norm does, then CIE L*.
_FOOT_OF_WCAG = 0.03928
_FOOT_OF_SRGB = 0.0031308
_FOOT_OF_LIGHTNESS = 8
_CIE_KAPPA = 903.2962962
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


class Rgb(NamedTuple):
    """An sRGB colour, gamma-encoded, each channel from 0 to 1."""

    red: float
    green: float
    blue: float


WHITE = Rgb(1.0, 1.0, 1.0)
BLACK = Rgb(0.0, 0.0, 0.0)


def is_hex(text: str) -> bool:
    """True for `#rrggbb`, in either case, and nothing else."""
    return _HEX.fullmatch(text) is not None


def from_hex(text: str) -> Rgb:
    """Read `#rrggbb`."""
    return Rgb(*(int(text[start : start + 2], 16) / 255 for start in (1, 3, 5)))


def to_hex(colour: Rgb) -> str:
    """Write `#rrggbb`; channels out of range are brought to the nearest displayable value."""
    return "#" + "".join(f"{math.floor(min(1.0, max(0.0, channel)) * 255 + 0.5):02x}" for channel in colour)


def _decode(channel: float) -> float:
    """Linear light of a gamma-encoded channel (threshold of WCAG 2)."""
    return channel / 12.92 if channel <= _FOOT_OF_WCAG else ((channel + 0.055) / 1.055) ** 2.4


def _encode(light: float) -> float:
    """Gamma-encoded channel of a linear light."""
    return light * 12.92 if light <= _FOOT_OF_SRGB else 1.055 * light ** (1 / 2.4) - 0.055


def luminance(colour: Rgb) -> float:
    """Relative luminance as WCAG 2 defines it, from 0 (black) to 1 (white)."""
    return 0.2126 * _decode(colour.red) + 0.7152 * _decode(colour.green) + 0.0722 * _decode(colour.blue)


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two `#rrggbb` colours as WCAG 2 defines it, from 1 to 21."""
    darker, lighter = sorted((luminance(from_hex(first)), luminance(from_hex(second))))
    return (lighter + 0.05) / (darker + 0.05)


def at_luminance(colour: Rgb, target: float) -> Rgb:
    """Mix `colour` with white or black until its relative luminance is `target` (0 to 1)."""
    own = luminance(colour)
    end = BLACK if own > target else WHITE
    low, high = 0.0, 1.0
    for _ in range(24):
        share = (low + high) / 2
        mixed = Rgb(*(a + (b - a) * share for a, b in zip(colour, end, strict=True)))
        # Both ends move away from `colour` as the share grows; only the direction differs.
        if (luminance(mixed) > target) == (end is BLACK):
            low = share
        else:
            high = share
    return Rgb(*(a + (b - a) * high for a, b in zip(colour, end, strict=True)))


def lightness(colour: Rgb) -> float:
    """CIE L* of a colour, from 0 to 100."""
    light = luminance(colour)
    return light * _CIE_KAPPA if light <= _FOOT_OF_LIGHTNESS / _CIE_KAPPA else 116 * light ** (1 / 3) - 16


def luminance_of_lightness(value: float) -> float:
    """Relative luminance of the displayable grey nearest to the CIE L* `value` (clamped to 0 to 100)."""
    value = min(100.0, max(0.0, value))
    light = value / _CIE_KAPPA if value <= _FOOT_OF_LIGHTNESS else ((value + 16) / 116) ** 3
    return luminance(from_hex(to_hex(Rgb(*[_encode(light)] * 3))))


def with_chroma_scaled(colour: Rgb, factor: float) -> Rgb:
    """The colour with its OKLCH chroma multiplied by `factor`: same lightness and hue, more or less vivid.

    Matrices of OKLab as its author, Björn Ottosson, published them. Scaling chroma at a fixed hue is scaling
    the two opponent axes a and b, so no angle is needed.
    """
    red, green, blue = (_decode(channel) for channel in colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    light = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = factor * (1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short)
    b = factor * (0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short)
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return Rgb(
        _encode(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        _encode(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        _encode(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
    )


def hue(colour: Rgb) -> float:
    """The hue in degrees, from 0 to 360: red is 0, green 120, blue 240. A grey has none, and answers 0."""
    return colorsys.rgb_to_hsv(*colour)[0] * 360


def hue_distance(first: float, second: float) -> float:
    """How far two hues are from each other, in degrees: 180 at most."""
    apart = abs(first - second) % 360
    return min(apart, 360 - apart)
