"""What this room says: to who publishes, reports, is told of a decision or of a measure.

Nothing here says who reported.
"""

from django.urls import reverse
from django.utils.timezone import localtime

from aid.configuration.addresses import address_of
from aid.moderation import subjects
from aid.moderation.checks import Findings
from aid.moderation.enums import Effect, Outcome, SanctionKind
from aid.moderation.models import Case, Sanction
from aid.notifications.words import Words, letter
from core.french import day_words

HELD = "Votre texte est enregistré. Un agent le lit avant qu’il paraisse."
MASKED = "Les numéros, adresses et liens sont masqués pour tout le monde : on vous joint en passant par la mairie."
NOT_RELAYED = "Nous ne pouvons pas transmettre ces mots. Écrivez autrement, ou appelez-nous."
EXCLUDED = "Vous ne pouvez plus participer. Appelez-nous pour en parler."
TOO_MANY = "Vous avez déjà envoyé plusieurs signalements. Appelez-nous si c’est urgent."
DANGER = "Un signalement dit que quelqu’un est peut-être en danger. Lisez-le maintenant."
LOOK_AGAIN = "C’est le jour de revoir une suspension : la lever, ou la garder."
LOOK_AROUND = "Une personne est exclue. Regardez ses demandes et ses rendez-vous en cours, un par un."
LIFT_FIRST = {
    SanctionKind.SUSPENSION: "Cette personne est suspendue : levez d’abord cette mesure.",
    SanctionKind.EXCLUSION: "Cette personne est exclue : un administrateur lève d’abord cette mesure.",
}
ASKED_BY_EXCLUDED = "Cette personne est exclue : aucun bénévole n’est prévenu. Appelez-la, et décidez."
APPEAL_WAITS = "Une personne conteste une mesure. Quelqu’un d’autre que qui l’a décidée lui répond."
LONGEST_QUOTED = 80

# What each decision tells the author, after « Votre texte ».
TOLD_SUBJECT = {
    Outcome.KEPT: "Votre texte est en ligne",
    Outcome.HIDDEN: "Votre texte n’est plus visible",
    Outcome.REMOVED: "Votre texte est retiré",
}
# How an author has a hidden text corrected: by themselves, or by the town that wrote it down.
CORRECTED = {True: "Vous pouvez le corriger dans Mon espace", False: "Appelez-nous pour le corriger"}
SANCTION_SUBJECT = {
    SanctionKind.WARNING: "Un avertissement",
    SanctionKind.MUTE: "Vous ne pouvez rien publier pour le moment",
    SanctionKind.SUSPENSION: "Votre participation est suspendue",
    SanctionKind.EXCLUSION: "Vous ne faites plus partie du réseau",
}

ENDED = {
    SanctionKind.WARNING: "Votre avertissement est levé",
    SanctionKind.MUTE: "Vous pouvez de nouveau publier",
    SanctionKind.SUSPENSION: "Votre suspension est levée",
    SanctionKind.EXCLUSION: "Vous pouvez revenir dans le réseau",
}
STAYS = {
    SanctionKind.WARNING: "Votre avertissement est maintenu",
    SanctionKind.MUTE: "L’interdiction de publier est maintenue",
    SanctionKind.SUSPENSION: "Votre suspension est maintenue",
    SanctionKind.EXCLUSION: "Votre exclusion est maintenue",
}


def refused(findings: Findings) -> str:
    """By the field, where the town refuses such words."""
    found = [word for one in findings.each if one.effect == Effect.REFUSE for word in one.found if word != "…"]
    if not found:
        return "Ce texte ne peut pas être publié. Appelez-nous si vous pensez que c’est une erreur."
    quoted = f"« {found[0][:LONGEST_QUOTED]} »"
    return f"Ces mots ne peuvent pas être publiés ici : {quoted}. Écrivez autrement, ou appelez-nous."


def late(hours: int) -> str:
    """To the desk, of a text that nobody has read."""
    return f"Un texte public attend d’être lu depuis {hours} heure{'s' if hours > 1 else ''}."


def nobody_is_told(case: Case) -> str:
    """To the desk, of a text that is off the site, and that nobody known wrote."""
    return f"Un texte public est {case.get_outcome_display()}, et personne n’est prévenu. Appelez, et dites pourquoi."


def silenced(sanction: Sanction) -> str:
    """By the field, for who may publish nothing for now."""
    if sanction.kind == SanctionKind.MUTE:
        return f"Vous ne pouvez rien publier {until(sanction)}. Vos mesures sont dans « Mon espace »."
    if sanction.kind == SanctionKind.SUSPENSION:
        return "Votre participation est suspendue : vous ne pouvez rien publier pour le moment."
    return EXCLUDED


def until(sanction: Sanction) -> str:
    """« jusqu’au 3 décembre 2026 »; nothing without an end."""
    if sanction.ends_at is None:
        return ""
    return f"jusqu’au {day_words(localtime(sanction.ends_at))}"


def in_plain_words(sanction: Sanction) -> str:
    """What a measure means for the person, as they read it."""
    match SanctionKind(sanction.kind):
        case SanctionKind.WARNING:
            return "Nous vous demandons de faire attention. Rien d’autre ne change pour vous."
        case SanctionKind.MUTE:
            return f"Vous ne pouvez rien publier sur le site {until(sanction)}. Le reste ne change pas."
        case SanctionKind.SUSPENSION:
            return "Vous ne publiez rien, et on ne vous propose plus de mission, tant que la suspension dure."
        case SanctionKind.EXCLUSION:
            return "Vous ne pouvez plus publier, ni demander ou donner un coup de main par ce site."


def reason_for_author(case: Case) -> str:
    """Why, as a room above keeps it beside the text."""
    return f"Raison : {case.get_reason_display()}. {case.told}".strip()


def decided(case: Case) -> Words:
    """To the author, what was decided of their text."""
    outcome, why = Outcome(case.outcome), case.get_reason_display()
    reached = subjects.known(case.subject_kind)
    corrected = CORRECTED[reached is None or reached.is_in_own_hands]
    said = {
        Outcome.KEPT: "Nous avons lu votre texte : tout le monde peut le voir.",
        Outcome.HIDDEN: f"Votre texte n’est plus visible. {reason_for_author(case)}",
        Outcome.REMOVED: f"Votre texte est retiré. {reason_for_author(case)}",
    }[outcome]
    short = {
        Outcome.KEPT: "Nous avons lu votre texte : il est en ligne.",
        Outcome.HIDDEN: f"Votre texte n’est plus visible : {why}. {corrected}.",
        Outcome.REMOVED: f"Votre texte est retiré : {why}. Appelez-nous pour en parler.",
    }[outcome]
    now = {
        Outcome.KEPT: "",
        Outcome.HIDDEN: f"{corrected} : nous le relirons.",
        Outcome.REMOVED: "Si vous pensez que c’est une erreur, appelez-nous.",
    }[outcome]
    link = f"Mon espace : {address_of(reverse('account_login'))}"
    body = letter(_hello(case.author), said, now, link)
    return Words(subject=TOLD_SUBJECT[outcome], body=body, sms=short)


def taken(sanction: Sanction) -> Words:
    """To the person: what measure, why, and how to answer."""
    kind = SanctionKind(sanction.kind)
    how = "Vous n’êtes pas d’accord ? Vous pouvez nous répondre une fois, dans « Mon espace » ou en nous appelant. "
    return Words(
        subject=SANCTION_SUBJECT[kind],
        body=letter(
            _hello(sanction.person),
            in_plain_words(sanction),
            f"Raison : {sanction.get_reason_display()}. {sanction.words}",
            f"{how}Une autre personne que celle qui a décidé vous répondra.",
            f"Mon espace : {address_of(reverse('account_login'))}",
        ),
        sms=f"{SANCTION_SUBJECT[kind]} {until(sanction)}".strip() + ". Le détail est dans Mon espace, ou appelez-nous.",
    )


def lifted(sanction: Sanction) -> Words:
    """To the person: it is over."""
    what = ENDED[SanctionKind(sanction.kind)]
    return Words(
        subject="C’est levé",
        body=letter(_hello(sanction.person), f"{what}. {_back(sanction)}".strip()),
        sms=f"Bonne nouvelle. {what}.",
    )


def answered(sanction: Sanction) -> Words:
    """To the person: what became of their appeal."""
    kind = SanctionKind(sanction.kind)
    is_lifted = sanction.lifted_at is not None
    what = ENDED[kind] if is_lifted else STAYS[kind]
    return Words(
        subject="La réponse à votre recours",
        body=letter(
            _hello(sanction.person),
            f"Nous avons examiné votre recours. {what}.",
            sanction.appeal_answer,
            _back(sanction) if is_lifted else "",
        ),
        sms=f"Nous avons examiné votre recours. {what}. Le détail est dans Mon espace.",
    )


def _back(sanction: Sanction) -> str:
    return "" if sanction.kind == SanctionKind.WARNING else "Vous pouvez de nouveau participer comme avant."


def _hello(person: object) -> str:
    return f"Bonjour {person.first_name},"
