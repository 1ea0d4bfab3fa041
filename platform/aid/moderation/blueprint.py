"""What an opening writes here: the rules of reading, with words to begin with, which administrators may change."""

from django.contrib.auth.models import Group, Permission

from accounts.services import ADMINISTRATORS
from aid.moderation.enums import Effect, Family
from aid.moderation.models import CheckRule
from tenants import blueprints

# The rules that a town begins with. Words that neighbours use every day are left out, and a human reads the rest:
# « facture », « mot de passe » and « médicament » are what volunteers help with, « nique » is in « pique-nique »,
# « voyant » in « non-voyant », and one puts « ordures » out. One form of each word is enough (aid.moderation.wording).
RULES: dict[Family, tuple[Effect, tuple[str, ...]]] = {
    Family.COMMERCE: (
        Effect.HOLD,
        (
            "devis", "tarif", "taux horaire", "euros de l’heure", "auto-entrepreneur", "auto-entreprise",
            "micro-entrepreneur", "micro-entreprise", "SIRET", "SIREN", "sur facture", "TTC", "hors taxes",
            "prix imbattable", "meilleur prix", "prestataire", "chèque emploi service", "CESU", "crédit d’impôt",
            "code promo", "contre rémunération", "rémunération souhaitée", "acompte", "paiement", "à vendre",
            "je vends", "à louer", "je loue", "mon entreprise", "ma société", "bon de commande", "démarchage",
            "vente directe", "réunion à domicile", "promotion exceptionnelle",
        ),
    ),
    Family.SCAM: (
        Effect.HOLD,
        (
            "arnaque", "arnaqueur", "escroc", "escroquerie", "Western Union", "MoneyGram", "mandat cash", "PCS",
            "Transcash", "Neosurf", "Paysafecard", "coupon de recharge", "bitcoin", "cryptomonnaie", "crypto",
            "placement rentable", "placement financier", "investissement rentable", "gagner de l’argent",
            "argent facile", "virement", "votre RIB", "IBAN", "votre carte bancaire", "numéro de carte",
            "code secret", "code confidentiel", "votre mot de passe", "prêt entre particuliers", "prêt d’argent",
            "prêter de l’argent", "besoin d’argent", "voyance", "marabout", "désenvoûtement", "retour affectif",
        ),
    ),
    Family.LEGACY: (
        Effect.HOLD,
        (
            "legs", "léguer", "lègue", "héritage", "hériter", "héritier", "testament", "donation", "assurance vie",
            "viager", "procuration", "mandat de protection", "succession",
        ),
    ),
    Family.INSULT: (
        Effect.HOLD,
        (
            "connard", "connasse", "salaud", "salope", "enculé", "enfoiré", "putain", "pute", "pétasse", "pouffiasse",
            "abruti", "crétin", "débile", "mongol", "raclure", "nique ta", "niquer ta", "ta gueule", "fils de pute",
            "FDP", "NTM", "va te faire", "va crever", "pédé", "tarlouze", "gouine", "bougnoule", "bicot", "bamboula",
            "négro", "nègre", "youpin", "chinetoque", "niakoué", "feuj", "sale arabe", "sale juif", "sale noir",
            "sale étranger", "sous-race", "vieille peau",
        ),
    ),
    Family.HEALTH: (
        Effect.WATCH,
        (
            "cancer", "cancéreux", "tumeur", "chimiothérapie", "radiothérapie", "dialyse", "Alzheimer", "Parkinson",
            "démence", "sénile", "diabète", "diabétique", "épilepsie", "épileptique", "AVC", "infarctus", "dépression",
            "dépressif", "bipolaire", "schizophrène", "psychotique", "suicide", "suicidaire", "alcoolique",
            "toxicomane", "VIH", "sida", "séropositif", "incontinence", "incontinent", "hospitalisé en psychiatrie",
            "sous tutelle", "sous curatelle", "sclérose en plaques",
        ),
    ),
    Family.OTHER: (Effect.HOLD, ()),
    Family.CONTACT: (Effect.NOTHING, ()),
    Family.REPEATED: (Effect.HOLD, ()),
}  # fmt: skip


def fill(blueprint: blueprints.Blueprint) -> None:
    """Write the rules of every family, and let administrators change them; none is added nor taken away."""
    for family, (effect, words) in RULES.items():
        rule = CheckRule(family=family, effect=effect, words="\n".join(words))
        rule.full_clean()
        rule.save()
    Group.objects.get(name=ADMINISTRATORS).permissions.add(
        Permission.objects.get(content_type__app_label="moderation", codename="change_checkrule")
    )


def register() -> None:
    """Called when the app is ready."""
    blueprints.register(blueprints.Installer("moderation", order=35, fill=fill))
