"""Which column of a list holds what, guessed from its headers as French people write them."""

from core.text import fold

# By field, its French label and the headers, folded, that name it. The order is that of the page.
FIELDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "first_name": ("Prénom", ("prenom", "prenoms", "prenom usuel", "prenom d usage")),
    "last_name": ("Nom", ("nom", "nom de famille", "nom d usage", "nom usuel", "nom marital", "nom de naissance")),
    "phone": (
        "Téléphone",
        ("telephone", "tel", "telephone fixe", "tel fixe", "fixe", "numero de telephone", "n de telephone", "n tel"),
    ),
    "mobile": (
        "Portable",
        ("mobile", "portable", "telephone portable", "telephone mobile", "tel portable", "tel mobile", "gsm"),
    ),
    "email": (
        "Adresse e-mail",
        ("courriel", "e mail", "email", "mail", "adresse e mail", "adresse email", "adresse mail",
         "adresse electronique", "adresse courriel"),
    ),
    "commune": ("Commune", ("commune", "ville", "localite", "commune de residence")),
    "postal_code": ("Code postal", ("code postal", "cp", "codepostal")),
    "district": ("Quartier", ("quartier", "hameau", "lieu dit", "secteur")),
    "address": ("Adresse", ("adresse", "adresse postale", "rue", "voie", "adresse 1", "n et rue")),
    "birth": (
        "Année ou date de naissance",
        ("date de naissance", "annee de naissance", "naissance", "ne le", "nee le", "ne e le", "ne nee le", "annee",
         "date naissance", "annee naissance"),
    ),
}  # fmt: skip


def guess(headers: list[str]) -> dict[str, int]:
    """By field, the first column whose header names it; fields that none names are left out."""
    folded = [fold(header) for header in headers]
    found = {}
    for field, (_, names) in FIELDS.items():
        places = [folded.index(name) for name in names if name in folded]
        if places:
            found[field] = min(places)
    return found
