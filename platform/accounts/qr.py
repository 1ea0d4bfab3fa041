"""A square code that a telephone reads, as a path to draw in the page: our policy lets no image be made of a script."""

import qrcode

QUIET = 4  # modules of white around it (ISO/IEC 18004)


def draw(text: str) -> dict[str, object]:
    """The size in modules of the square, and the path of its black ones: `M x y h1v1h-1z` for each."""
    code = qrcode.QRCode(border=QUIET, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_black in enumerate(row) if is_black)
    return {"size": len(rows), "path": path}


def svg(text: str) -> str:
    """The same on white, as a picture for a printed page."""
    square = draw(text)
    size, path = square["size"], square["path"]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{path}" fill="#000"/></svg>'
    )
