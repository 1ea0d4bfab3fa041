"""Palier's own pages."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.demonstration import digits_shown
from console.models import Mail

STEPS = [
    {
        "title": "On se parle",
        "text": "Votre territoire, vos habitudes, les mots que vous employez. Un devis suit, sans engagement.",
    },
    {
        "title": "Votre site s’ouvre",
        "text": "Votre nom, vos couleurs, votre téléphone. Les pages de départ sont déjà écrites : vous les relisez.",
    },
    {
        "title": "Vos voisins arrivent",
        "text": "Vos agents notent la première demande au téléphone. Les bénévoles proches la reçoivent.",
    },
]

AUDIENCES = [
    {
        "title": "Les aînés",
        "icon": "phone",
        "url": "",
        "text": "Le téléphone d’abord. Le site, si on veut : de grandes lettres, peu de mots, rien à retenir.",
    },
    {
        "title": "Les bénévoles",
        "icon": "heart",
        "url": "",
        "text": "Un besoin tout près, un oui en un geste. On sait où aller, quand, et qui appeler.",
    },
    {
        "title": "Les agents",
        "icon": "talk",
        "url": "",
        "text": "Noter une demande pendant l’appel. Rien ne se perd : chaque demande a une fin connue.",
    },
    {
        "title": "Les élus",
        "icon": "people",
        "url": "",
        "text": "Un service aux couleurs de la commune, et une facture que l’on comprend.",
    },
]

PRICE = [
    {"value": "1\u00a0€", "label": "par senior et par an"},
    {"value": "1\u00a0000\u00a0€", "label": "par an au moins, quelle que soit la taille"},
    {"value": "1", "label": "seule facture dans l’année"},
]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What Palier is, for whom, how a town opens its site, and what it costs."""
    actions = [
        {"label": "Ouvrir votre site", "url": "#ouvrir"},
        {"label": "Voir le prix", "url": "#prix"},
    ]
    context = {"steps": STEPS, "audiences": AUDIENCES, "price": PRICE, "actions": actions}
    return render(request, "console/home.html", context)


@require_safe
@never_cache
def outbox(request: HttpRequest) -> HttpResponse:
    """What the platform would have sent, newest first: in the demo only, where nothing leaves."""
    if not settings.OUTBOX:
        raise Http404
    context = {"mails": Mail.objects.order_by("-pk")[:20], "shown": digits_shown()}
    return render(request, "console/outbox.html", context)
