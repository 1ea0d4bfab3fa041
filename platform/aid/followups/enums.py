"""Why somebody at the town must act."""

from django.db import models


class FollowUpKind(models.TextChoices):
    """What to do."""

    CONFIRM_NUMBER = "confirm_number", "numéro à confirmer"
    TO_CALL = "to_call", "à appeler"
    UNANSWERED = "unanswered", "sans réponse"
    TO_PROPOSE = "to_propose", "à proposer"
    NOT_CLOSED = "not_closed", "fin à confirmer"
    RIGHTS = "rights", "données personnelles"
    WORRY = "worry", "inquiétude"
    FLAG = "flag", "signalement d’un partenaire"
    NEWCOMER = "newcomer", "à accueillir"
    ONBOARDING = "onboarding", "étape d’un bénévole"
    MODERATION = "moderation", "à modérer"
    TO_WRITE = "to_write", "courrier à écrire"
    SMS_CEILING = "sms_ceiling", "plafond de SMS atteint"
    SMS_BUDGET = "sms_budget", "budget de SMS du mois"
