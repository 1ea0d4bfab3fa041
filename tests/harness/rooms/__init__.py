"""What each room brings to the lists that walk everything: a module of its own, found by being here.

A module may hold `PAGES` (by name of address, as in harness.pages), `ADDRESSES` (as in
tests/isolation/test_permissions.py), `OPEN_TO_ALL` (tests/isolation/test_open_views.py) and `play(scene)`, called in
the town of a scene once the rest is there: it keeps what its paths name in `scene.tokens`. Of the platform's
own domain: `PLATFORM_PAGES`, `PLATFORM_ADDRESSES`.
"""

import pkgutil
from importlib import import_module
from typing import TYPE_CHECKING

from harness.permissions import Line
from harness.seen import Seen

if TYPE_CHECKING:
    from harness.scene import Scene

_modules = [import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
PAGES: dict[str, list[Seen]] = {}
ADDRESSES: dict[str, Line] = {}
OPEN_TO_ALL: dict[str, str] = {}
PLATFORM_PAGES: dict[str, list[Seen]] = {}
PLATFORM_ADDRESSES: dict[str, Line] = {}
for _module in _modules:
    PLATFORM_PAGES |= getattr(_module, "PLATFORM_PAGES", {})
    PLATFORM_ADDRESSES |= getattr(_module, "PLATFORM_ADDRESSES", {})
    PAGES |= getattr(_module, "PAGES", {})
    ADDRESSES |= getattr(_module, "ADDRESSES", {})
    OPEN_TO_ALL |= getattr(_module, "OPEN_TO_ALL", {})


def play(scene: "Scene") -> None:
    """Set every room's part of the scene, in the order of their names."""
    for module in _modules:
        if hasattr(module, "play"):
            module.play(scene)
