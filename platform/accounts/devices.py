"""What kind of device a browser says it runs on, in the words of who owns it. Coarse on purpose: it is no trace."""

# The first that is found is told: an Edge says that it is a Chrome, an iPad that it is a Safari.
KINDS = (
    (("iPhone",), "iPhone"),
    (("iPad",), "iPad"),
    (("Android", "Mobile"), "Téléphone Android"),
    (("Android",), "Tablette Android"),
    (("CrOS",), "Chromebook"),
    (("Windows",), "Ordinateur Windows"),
    (("Macintosh",), "Ordinateur Mac"),
    (("Linux",), "Ordinateur Linux"),
)
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("Chrome", "Chrome"),
            ("CriOS", "Chrome"), ("Safari", "Safari"))  # fmt: skip
UNKNOWN = "Appareil inconnu"


def kind_of(user_agent: str) -> str:
    """« Téléphone Android, avec Firefox »; what a browser wrote itself is never repeated."""
    kind = next((told for marks, told in KINDS if all(mark in user_agent for mark in marks)), UNKNOWN)
    browser = next((told for mark, told in BROWSERS if mark in user_agent), "")
    return f"{kind}, avec {browser}" if browser else kind
