"""What another software may do for a town: chosen by an administrator, for one application at a time (api)."""

from django.db.models import TextChoices


class Scope(TextChoices):
    """One thing that an application may do. What anybody may read asks for none."""

    REQUESTS_READ = "requests:read", "suivre les demandes qu’il a déposées"
    REQUESTS_WRITE = "requests:write", "déposer et annuler des demandes, pour des personnes d’accord"
    FLAGS_READ = "flags:read", "lire l’issue des signalements de son partenaire"
    FLAGS_WRITE = "flags:write", "envoyer les signalements de son partenaire"


# What is done in the name of somebody who speaks for a partner.
OF_PARTNERS = (Scope.FLAGS_READ, Scope.FLAGS_WRITE)
