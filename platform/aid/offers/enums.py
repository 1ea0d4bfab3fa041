"""When, how far and in which languages somebody may help: closed lists."""

from django.db import models


class Weekday(models.IntegerChoices):
    """A day of the week, numbered as ISO 8601 does: Monday is 1."""

    MONDAY = 1, "lundi"
    TUESDAY = 2, "mardi"
    WEDNESDAY = 3, "mercredi"
    THURSDAY = 4, "jeudi"
    FRIDAY = 5, "vendredi"
    SATURDAY = 6, "samedi"
    SUNDAY = 7, "dimanche"


class PartOfDay(models.TextChoices):
    """As people say when they are free, and as somebody who asks says when."""

    MORNING = "morning", "matin"
    AFTERNOON = "afternoon", "après-midi"
    EVENING = "evening", "soir"


class Radius(models.IntegerChoices):
    """How far from their commune a volunteer goes, in kilometres."""

    NEAR = 5, "5 km"
    AROUND = 10, "10 km"
    FAR = 20, "20 km"


class Language(models.TextChoices):
    """What is spoken at home in France, by ISO 639 code; French goes without saying."""

    ARABIC = "ar", "arabe"
    BERBER = "ber", "berbère"
    BRETON = "br", "breton"
    GERMAN = "de", "allemand"
    ENGLISH = "en", "anglais"
    SPANISH = "es", "espagnol"
    SIGNS = "fsl", "langue des signes"
    ARMENIAN = "hy", "arménien"
    ITALIAN = "it", "italien"
    OCCITAN = "oc", "occitan"
    PICARD = "pcd", "picard, ch’ti"
    POLISH = "pl", "polonais"
    PORTUGUESE = "pt", "portugais"
    ROMANIAN = "ro", "roumain"
    RUSSIAN = "ru", "russe"
    TURKISH = "tr", "turc"
    UKRAINIAN = "uk", "ukrainien"
    VIETNAMESE = "vi", "vietnamien"
    WOLOF = "wo", "wolof"
    CHINESE = "zh", "chinois"
