"""What is sent by SMS and e-mail. Whoever carries an SMS writes the town’s name before it and its telephone after."""

SIGN_IN_SUBJECT = "Votre code de connexion"
CONFIRMATION_SUBJECT = "Votre code"
ABOUT_THE_DOOR = "Le mot de passe de votre espace"


def sign_in_sms(code: str) -> str:
    """The code that opens the door, by SMS."""
    return f"{code} est votre code de connexion. Il est valable 15 minutes. Ne le donnez à personne."


def sign_in_subject(site: str) -> str:
    """The subject of the e-mail: the site's name, never its address, and no code."""
    return f"{SIGN_IN_SUBJECT} – {site}"


def sign_in_email(site: str, code: str, telephone: str) -> str:
    """The code that opens the door, by e-mail."""
    help_line = f"Une question\u00a0? Appelez le {telephone}.\n\n" if telephone else ""
    return (
        "Bonjour,\n\n"
        f"Voici votre code de connexion\u00a0: {code}\n\n"
        "Il est valable 15 minutes. Prenez votre temps, et ne le donnez à personne.\n\n"
        "Vous n’avez rien demandé\u00a0? Laissez ce message\u00a0: sans le code, personne n’entre.\n\n"
        f"{help_line}{site}\n"
    )


def confirmation_sms(code: str) -> str:
    """The code that shows that a number is the asker's own."""
    return f"{code} est votre code. Il confirme votre numéro, et reste valable 15 minutes."


def confirmation_email(code: str) -> str:
    """The same by e-mail. Whoever carries it writes the town's name and telephone at its foot."""
    return (
        "Bonjour,\n\n"
        f"Voici votre code\u00a0: {code}\n\n"
        "Il est valable 15 minutes. Ne le donnez à personne.\n\n"
        "Vous n’avez rien demandé\u00a0? Laissez ce message\u00a0: sans le code, rien ne se fait.\n"
    )


def password_chosen() -> str:
    """A password opens somebody's account from now on; never which."""
    return "Un mot de passe vient d’être choisi pour votre espace. Ce n’est pas vous\u00a0? Appelez-nous."


def password_removed() -> str:
    """No password opens it any more."""
    return "Votre espace ne s’ouvre plus par un mot de passe. Ce n’est pas vous\u00a0? Appelez-nous."


def about_the_password(said: str) -> str:
    """The same by e-mail."""
    return f"Bonjour,\n\n{said}\n"
