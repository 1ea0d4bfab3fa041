"""Fetches again what `themes/static/vendor/`, `themes/fonts/` and `tests/browser/vendor/` hold: run this file.

Needs npm and a network; nothing else in Palier does. Each package is pinned by version and by the SHA-512
that its authors published: an archive that differs by one bit stops the script before any file changes.
"""

import base64
import hashlib
import re
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[1] / "static" / "vendor"
FONTS = Path(__file__).resolve().parents[1] / "fonts"
TESTS_VENDOR = Path(__file__).resolve().parents[2] / "tests" / "browser" / "vendor"


@dataclass(frozen=True)
class Package:
    """One published archive: what npm calls it, and the hash that it must have."""

    name: str
    version: str
    sha512: str


DESIGNSYSTEMET = Package(
    "@digdir/designsystemet-css",
    "1.22.0",
    "f/+YOK1Gvl7ypdeRh0TDGs28eu8DkOPDAR+T8yLpnys9FxNWX05UNuhXJwYwRuzF9WUgjAhpJ5JKdodTDxWMEA==",
)
ATKINSON = Package(
    "@fontsource-variable/atkinson-hyperlegible-next",
    "5.3.0",
    "UnLzNUy1RWoLDfydAatP4NaRm99X/WbQEph7q/PymJnCFIOOwKOx3pBmp5ys8trO0dM+CKGuJgeZP9fAR4mQpA==",
)

# The same typeface as files that PDFs can be set in.
PRINTED_ATKINSON = Package(
    "@expo-google-fonts/atkinson-hyperlegible-next",
    "0.4.1",
    "tA5NUQCrb4GnQ8kvghyF6Kqw72zr4zSNmMwhCTcHlsu/jE5JoF8Fje5/WwL44y17Lue99pG9cyq3PW5X/7ZDng==",
)
AXE = Package(
    "axe-core", "4.14.1", "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
)
LEAFLET = Package(
    "leaflet", "1.9.4", "nxS1ynzJOmOlHp+iL3FyWqK89GtNL8U8rvlMOsQdTTssxZwCXh8N2NB3GDQOL+YR3XnWyZAxwQixURb+FA74PA=="
)

# The parts of Designsystemet that our templates use, in the order and layer that its own index gives them.
BASE_PARTS = ["base", "heading", "label", "paragraph", "validation-message"]
COMPONENT_PARTS = [
    "link", "data-size-workaround", "button", "input", "field", "fieldset",
    "alert", "skip-link", "details", "list", "card", "tag", "error-summary", "table",
]  # fmt: skip
# The theme's structure is kept (sizes, type scale, roles of colours); its colours are not: `themes.tokens`
# computes each town's own. Its second typeface and Digdir's own roles have no use here.
THEME_LAYERS = ["size-mode", "type-scale", "size", "semantic", "typography.primary", "color"]


def fetch(package: Package, folder: Path) -> Path:
    """Download `package` into `folder`, check its hash, unpack it and return the unpacked folder.

    Raises ValueError when the archive is not the one that was pinned.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise FileNotFoundError("npm is needed to refresh the vendored files")
    command = [npm, "pack", "--silent", f"{package.name}@{package.version}"]
    packed = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    archive = folder / packed.stdout.strip().splitlines()[-1]
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if digest != package.sha512:
        raise ValueError(f"{package.name} {package.version}: unexpected SHA-512 {digest}")
    unpacked = folder / archive.stem
    with tarfile.open(archive) as tar:
        tar.extractall(unpacked, filter="data")
    return unpacked / "package"


def top_level_layers(css: str) -> dict[str, str]:
    """Split a stylesheet made only of `@layer name{…}` blocks into {name: whole block}."""
    blocks: dict[str, str] = {}
    depth = start = 0
    for position, character in enumerate(css):
        if character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
            if depth == 0:
                block = css[start : position + 1].strip()
                name = block[: block.index("{")].removeprefix("@layer").strip()
                blocks[name] = block
                start = position + 1
    return blocks


def without_source_maps(text: str) -> str:
    """Drop `sourceMappingURL` comments: the manifest storage would look for the map and stop."""
    return re.sub(r"/\*#\s*sourceMappingURL=[^*]*\*/|^//# sourceMappingURL=.*$", "", text, flags=re.MULTILINE)


def without_pictures(css: str) -> str:
    """Drop the rules that draw a picture of Leaflet's own: our maps have neither its layers nor its pins."""
    return re.sub(r"[^{}]*{[^{}]*url\(images/[^{}]*}", "", css)


def compose_designsystemet(package: Path) -> str:
    """Return the one stylesheet that pages load: structure of the theme, then the parts that we use."""
    theme = top_level_layers((package / "dist/theme/designsystemet.css").read_text())
    parts = [f"/*! {DESIGNSYSTEMET.name} {DESIGNSYSTEMET.version}, MIT, © Digdir. Subset: see README.md */"]
    parts.append("@layer ds.theme, ds.base, ds.components;")
    parts += [theme[f"ds.theme.{layer}"] for layer in THEME_LAYERS]
    for layer, names in (("ds.base", BASE_PARTS), ("ds.components", COMPONENT_PARTS)):
        body = "".join((package / f"dist/src/{name}.css").read_text() for name in names)
        parts.append(f"@layer {layer}{{{body}}}")
    return without_source_maps("\n".join(parts)) + "\n"


def main() -> None:
    """Rewrite the vendored folders from the pinned archives."""
    with tempfile.TemporaryDirectory() as temporary:
        css = fetch(DESIGNSYSTEMET, Path(temporary))
        folder = VENDOR / "designsystemet"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "designsystemet.css").write_text(compose_designsystemet(css))
        shutil.copyfile(css / "LICENSE", folder / "LICENSE")

        font = fetch(ATKINSON, Path(temporary))
        folder = VENDOR / "atkinson-hyperlegible-next"
        folder.mkdir(parents=True, exist_ok=True)
        name = "atkinson-hyperlegible-next-latin-wght-normal.woff2"
        shutil.copyfile(font / "files" / name, folder / name)
        shutil.copyfile(font / "LICENSE", folder / "LICENSE")

        printed = fetch(PRINTED_ATKINSON, Path(temporary))
        folder = FONTS / "atkinson-hyperlegible-next"
        folder.mkdir(parents=True, exist_ok=True)
        for weight in ("400Regular", "700Bold"):
            name = f"AtkinsonHyperlegibleNext_{weight}.ttf"
            shutil.copyfile(printed / weight / name, folder / name)
        shutil.copyfile(printed / "LICENSE_FONT", folder / "LICENSE")

        leaflet = fetch(LEAFLET, Path(temporary))
        folder = VENDOR / "leaflet"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "leaflet.js").write_text(
            without_source_maps((leaflet / "dist/leaflet.js").read_text()).strip() + "\n"
        )
        (folder / "leaflet.css").write_text(without_pictures((leaflet / "dist/leaflet.css").read_text()))
        shutil.copyfile(leaflet / "LICENSE", folder / "LICENSE")

        axe = fetch(AXE, Path(temporary))
        folder = TESTS_VENDOR / "axe-core"
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("axe.min.js", "LICENSE"):
            shutil.copyfile(axe / name, folder / name)


if __name__ == "__main__":
    main()
