"""The text of a page of ours, read back from its PDF: whether what people read is what was meant.

Only of what Typst writes, whose glyphs have two bytes and a table of what they say: what it cannot read is not there,
and the document is refused. A general reader took seven times as long (tests read with one).
"""

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pikepdf

_CHARACTER = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")
_BLOCK = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)


def text_in(document: "pikepdf.Pdf") -> str:
    """All that its pages say, without spaces nor order between blocks."""
    import pikepdf

    said: list[str] = []
    for page in document.pages:
        fonts = {name: _said_by(font) for name, font in page.resources.get("/Font", {}).items()}
        font = _Font()
        for operands, operator in pikepdf.parse_content_stream(page, "Tf Tj TJ"):
            if str(operator) == "Tf":
                font = fonts.get(str(operands[0]), _Font())
                continue
            shown = operands[0] if isinstance(operands[0], pikepdf.Array) else operands
            # Together: between the pieces of a word are the numbers that space it.
            glyphs = b"".join(bytes(one) for one in shown if isinstance(one, pikepdf.String))
            said.append(_numbers(glyphs).translate(font))
    return "".join("".join(said).split())


class _Font(dict[int, str]):
    """What each glyph says, by its number; one that is in no table says nothing."""

    def __missing__(self, glyph: int) -> str:
        return ""


def _said_by(font: Any) -> _Font:
    if "/ToUnicode" not in font:
        return _Font()
    table = font.ToUnicode.read_bytes()
    return _Font(
        (int(glyph, 16), bytes.fromhex(text.decode()).decode("utf-16-be"))
        for block in _BLOCK.findall(table)
        for glyph, text in _CHARACTER.findall(block)
    )


def _numbers(glyphs: bytes) -> str:
    """Numbers of two bytes, as a text that is translated at once."""
    return glyphs.decode("utf-16-be", "surrogatepass")
