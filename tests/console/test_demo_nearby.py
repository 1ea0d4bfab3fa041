"""Where people choose whom to write to, the demonstration has somebody written to, and somebody who may be called."""

import random
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.utils import timezone

from aid.configuration.enums import Mode
from aid.configuration.models import KindOfHelp
from aid.help_requests.enums import Urgency
from aid.help_requests.models import HelpRequest
from aid.notifications.models import Message
from aid.offers.models import OneOffOffer
from aid.profiles.models import Profile
from aid.proposals.enums import Way
from aid.proposals.models import Proposal
from console.demo.offers import TO_THE_MARKET, offer_a_day
from console.demo.people import people_town
from console.demo.profiles import present_neighbours
from console.demo.requests import tell_today

pytestmark = pytest.mark.django_db


def test_messages_are_sent_as_who_asks_would_send_them(town):
    KindOfHelp.objects.update(mode=Mode.DIRECT)
    cache.clear()
    today = timezone.localdate()
    cast = people_town(domain="grenoble.localhost", telephone="04 65 71 00 03", today=today)
    chance = random.Random("grenoble.localhost")
    tell_today(cast, today=today, chance=chance)
    assert HelpRequest.objects.exclude(mode=Mode.DIRECT).count() == 0
    assert [one.urgency for one in HelpRequest.objects.looking() if one.haste.opening] == [Urgency.TODAY]
    written = Proposal.objects.all()
    assert written.exists()
    assert not written.exclude(way=Way.CHOSEN).exists()
    present_neighbours(cast, town=SimpleNamespace(blueprint="voisins-voisines"), today=today, chance=chance)
    assert Profile.objects.filter(shows_phone=True).count() == 1


def test_somebody_answers_an_offer_of_one_day(town):
    KindOfHelp.objects.filter(pk=KindOfHelp.objects.first().pk).update(name=TO_THE_MARKET)
    today = timezone.localdate()
    cast = people_town(domain="grenoble.localhost", telephone="04 65 71 00 03", today=today)
    offer_a_day(cast, today=today)
    offer = OneOffOffer.objects.get()
    assert (offer.day.isoweekday(), offer.places, offer.hidden_because) == (6, 2, "")
    assert Message.objects.filter(kind="message", person=offer.volunteer.person).count() == 1
