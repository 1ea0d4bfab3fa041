"""What an agent does for somebody who phones: each gesture traced, asked twice, harmless when it comes too late."""

import pytest
from django.utils import timezone

from aid.configuration.models import KindOfHelp
from aid.help_requests.enums import RequestState
from aid.help_requests.models import RequestStep
from aid.onboarding.enums import VolunteerState
from aid.onboarding.models import Volunteer
from aid.people.enums import Channel
from aid.people.models import Person
from aid.proposals.enums import Answer
from harness.desk import ask, make_person, make_request, make_volunteer

pytestmark = pytest.mark.django_db


def gesture(desk, request, slug, **sent):
    """Confirm a gesture."""
    return desk.post(f"/bureau/demande/{request.uid}/{slug}/", sent or {"oui": "1"})


def last_step(request):
    return RequestStep.objects.filter(request=request).last()


def test_a_number_is_confirmed_by_a_call(desk, agent, jeanne):
    request = make_request(jeanne, RequestState.TO_CHECK)
    url = f"/bureau/demande/{request.uid}/verifier/"
    assert "Avez-vous parlé à cette personne" in desk.get(url).content.decode()
    request.refresh_from_db()
    assert request.state == RequestState.TO_CHECK  # a GET changes nothing
    gesture(desk, request, "verifier")
    request.refresh_from_db()
    jeanne.refresh_from_db()
    assert (request.state, last_step(request).by_account) == (RequestState.OPEN, agent)
    assert jeanne.phone_confirmed_at is not None


def test_a_yes_on_the_telephone_is_the_volunteers_and_traced(desk, agent, asked, alice):
    proposal, other = ask(asked, alice), ask(asked, make_volunteer("Bruno", phone="+33639980002"))
    page = desk.get(f"/bureau/demande/{asked.uid}/oui/").content.decode()
    assert "Alice Morel" in page
    assert "Bruno Morel" in page
    assert gesture(desk, asked, "oui", proposal=str(proposal.pk)).status_code == 302
    asked.refresh_from_db()
    assert (asked.state, asked.volunteer) == (RequestState.AGREED, alice)
    said = asked.steps.get(name="agree")
    assert (said.by_account, said.by_person) == (agent, alice.person)
    page = desk.get(f"/bureau/demande/{asked.uid}/").content.decode()
    assert "pour Alice Morel" in page
    assert "prévenu : déjà pourvu" in page, "nobody waits for Bruno"
    assert "en attente" not in page
    late = desk.post(f"/bureau/demande/{asked.uid}/oui/", {"proposal": str(other.pk)}, follow=True)
    assert "cette demande est acceptée." in late.content.decode()
    asked.refresh_from_db()
    assert asked.volunteer == alice


def test_only_who_was_asked_and_has_not_answered_can_say_yes(desk, asked, alice, jeanne):
    elsewhere = ask(make_request(jeanne), alice)
    refused = ask(asked, make_volunteer("Bruno", phone="+33639980002"))
    refused.answer, refused.answered_at = Answer.NO, timezone.now()
    refused.save()
    assert "Personne n’attend de répondre" in desk.get(f"/bureau/demande/{asked.uid}/oui/").content.decode()
    for proposal in (elsewhere, refused):
        assert gesture(desk, asked, "oui", proposal=str(proposal.pk)).status_code == 200
    asked.refresh_from_db()
    assert asked.state == RequestState.OPEN


@pytest.mark.parametrize("minutes", ["", "0", "-5", "1441", "une heure", "9" * 10_000])
def test_how_long_it_took_is_a_number_of_minutes(desk, jeanne, alice, minutes):
    request = make_request(jeanne, RequestState.AGREED, volunteer=alice)
    refused = gesture(desk, request, "rendue", minutes=minutes, words="Bien <b>passé</b>")
    page = refused.content.decode()
    assert refused.status_code == 200
    assert "Écrivez un nombre de minutes" in page
    assert "Bien &lt;b&gt;passé&lt;/b&gt;" in page


def test_it_is_done(desk, agent, jeanne, alice):
    request = make_request(jeanne, RequestState.AGREED, volunteer=alice)
    gesture(desk, request, "rendue", minutes="45", words="Bien passé")
    request.refresh_from_db()
    assert (request.state, request.minutes, last_step(request).by_account) == (RequestState.DONE, 45, agent)
    assert "Rien n’a changé" in desk.get(f"/bureau/demande/{request.uid}/rendue/", follow=True).content.decode()


@pytest.mark.parametrize(("slug", "state"), [("pas-eu-lieu", RequestState.UNMET), ("annuler", RequestState.CANCELLED)])
def test_ending_otherwise_has_a_reason(desk, agent, asked, slug, state):
    assert "Choisissez une raison de la liste." in gesture(desk, asked, slug, words="Rien").content.decode()
    refused = gesture(desk, asked, slug, reason="other", words="  ")
    assert "Écrivez en quelques mots pourquoi." in refused.content.decode()
    gesture(desk, asked, slug, reason="not_ours", words="Elle est partie chez sa fille.")
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == (state, "not_ours")
    step = last_step(asked)
    assert (step.by_account, step.words) == (agent, "Elle est partie chez sa fille.")
    again = desk.post(f"/bureau/demande/{asked.uid}/{slug}/", {"reason": "not_ours"}, follow=True)
    assert "Rien n’a changé" in again.content.decode()
    assert last_step(asked) == step


def test_a_request_offers_only_the_gestures_of_its_state(desk, asked):
    page = desk.get(f"/bureau/demande/{asked.uid}/").content.decode()
    assert f"/bureau/demande/{asked.uid}/oui/" in page
    assert f"/bureau/demande/{asked.uid}/verifier/" not in page
    assert f"/bureau/demande/{asked.uid}/rendue/" not in page
    assert desk.get(f"/bureau/demande/{asked.uid}/autre/").status_code == 404


def test_a_note_says_something(desk, asked):
    assert "Écrivez votre note." in desk.post(f"/bureau/demande/{asked.uid}/note/", {"words": " "}).content.decode()
    assert not asked.steps.exists()


def admit(desk, **sent):
    kinds = [str(kind.pk) for kind in KindOfHelp.objects.all()[:2]]
    return desk.post("/bureau/benevole/nouveau/", {"kinds": kinds, "channel": "sms"} | sent)


def test_a_new_volunteer_is_admitted(desk, agent, town):
    answer = admit(desk, first_name="Alice", last_name="Morel", phone="06 39 98 12 34", commune=commune_pk())
    person = Person.objects.get()
    assert answer["Location"] == f"/bureau/personne/{person.uid}/"
    assert (person.volunteer.state, person.channel, person.created_by) == (VolunteerState.ADMITTED, Channel.SMS, agent)
    assert person.volunteer.offer.kinds.count() == 2
    page = desk.get("/bureau/benevoles/", {"etat": "admitted"}).content.decode()
    assert "Alice Morel" in page
    assert "Alice" not in desk.get("/bureau/benevoles/", {"etat": "left"}).content.decode()


def commune_pk():
    from aid.territory.models import CoveredCommune

    return str(CoveredCommune.objects.first().pk)


def test_somebody_known_becomes_a_volunteer_and_their_offer_changes(desk, jeanne):
    refused = admit(desk, personne=str(jeanne.uid))
    assert "Ce numéro ne reçoit pas les SMS" in refused.content.decode()
    for _ in range(2):
        assert admit(desk, personne=str(jeanne.uid), channel="call").status_code == 302
    assert Volunteer.objects.get().person == jeanne
    assert "Choisissez" not in desk.get("/bureau/benevole/nouveau/", {"personne": jeanne.uid}).content.decode()


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"kinds": []}, "Cochez au moins une aide."),
        ({"kinds": ["999999"]}, "Cochez des aides de la liste."),
        ({"phone": ""}, "Un SMS demande un numéro de portable"),
        ({"channel": "email"}, "Un e-mail demande une adresse"),
        ({"channel": "pigeon"}, "Choisissez une réponse de la liste."),
    ],
)
def test_what_is_wrong_of_a_volunteer_is_said(desk, town, wrong, error):
    sent = {"first_name": "Alice", "phone": "06 39 98 12 34", "commune": commune_pk()} | wrong
    refused = admit(desk, **sent)
    assert refused.status_code == 200
    assert error in refused.content.decode()
    assert not Person.objects.exists()


def test_a_volunteer_alike_is_shown(desk, jeanne):
    sent = {"first_name": "Jeanne", "last_name": "Martin", "phone": "01 99 00 12 34", "commune": commune_pk()}
    refused = admit(desk, channel="call", **sent)
    assert "C’est peut-être elle" in refused.content.decode()
    assert admit(desk, channel="call", same_as=str(jeanne.uid), **sent).status_code == 302
    assert Person.objects.get() == jeanne


def test_a_volunteer_alike_is_taken_with_everything_typed(desk, jeanne):
    kinds = [str(kind.pk) for kind in KindOfHelp.objects.all()[:2]]
    sent = {"first_name": "Jeanne", "last_name": "Martin", "phone": "01 99 00 12 34", "commune": commune_pk()}
    page = admit(desk, channel="call", kinds=kinds, c_est_elle=str(jeanne.uid), **sent).content.decode()
    assert f'name="personne" value="{jeanne.uid}"' in page
    assert page.count(" checked") == 4  # both kinds, how she is told, how she came
    assert admit(desk, channel="call", same_as="nouvelle", **sent).status_code == 302
    assert Person.objects.count() == 2


def test_a_volunteer_pauses_comes_back_and_leaves(desk, alice):
    url = f"/bureau/personne/{alice.person.uid}/benevole/"
    for move, state in (("pause", "on_leave"), ("pause", "on_leave"), ("reprise", "admitted"), ("pause", "on_leave")):
        assert desk.post(url, {"geste": move}).status_code == 302
        alice.refresh_from_db()
        assert alice.state == state
    # Why somebody leaves is asked on a page (test_volunteer_steps.py).
    asked = desk.post(url, {"geste": "depart"})["Location"]
    assert desk.post(asked, {"vu": desk.get(asked).context["mark"], "words": "Déménage"}).status_code == 302
    alice.refresh_from_db()
    assert alice.state == "left"
    assert "Rien n’a changé" in desk.post(url, {"geste": "pause"}, follow=True).content.decode()
    assert desk.post(url, {"geste": "candidate"}).status_code == 404
    stranger = make_person("Paul")
    assert desk.post(f"/bureau/personne/{stranger.uid}/benevole/", {"geste": "depart"}).status_code == 404
