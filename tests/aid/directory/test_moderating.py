"""What is public in the directory is held, masked, reported, hidden, put right: as every public text."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import AGENTS
from aid.directory import professionals, services
from aid.directory.enums import CLOSE
from aid.directory.models import Professional, Referent
from aid.directory.moderating import PROFESSIONAL, REFERENT, subject_of
from aid.directory.welcoming import welcome
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.moderation import blocks, queue, sanctions
from aid.moderation.access import report_path
from aid.moderation.enums import Effect, Family, Outcome, Reason, ReportReason, SanctionKind, Via
from aid.moderation.models import Case, CheckRule, Report
from aid.moderation.services import TO_TELL, report
from aid.notifications.models import Message
from aid.privacy.holdings import known_of
from aid.territory.models import CoveredCommune
from harness.at_once import all_at_once
from harness.databases import FIRST_TOWN
from harness.desk import make_account, make_person
from harness.directory import (
    COMMERCE,
    INSULT,
    SIRETS,
    a_professional,
    a_referent,
    an_administrator,
    with_professionals,
)
from harness.loop import somebody
from harness.towns import entry_of
from tenants.context import town_context

BUSES = "Je connais les bus du coin."
SECTION = "/professionnels/"


@pytest.fixture
def site(town) -> Client:
    with_professionals()
    return Client(headers={"host": FIRST_TOWN})


def signed_in(account) -> Client:
    client = Client(headers={"host": FIRST_TOWN})
    client.force_login(account, "django.contrib.auth.backends.ModelBackend")
    return client


def page_of(referent: Referent) -> str:
    return f"/referents/{referent.uid}/"


def is_seen(site: Client, referent: Referent) -> bool:
    """On its own page, and in the list: both or neither."""
    of_one, in_list = site.get(page_of(referent)).status_code == 200, referent.name in site.get("/referents/").text
    assert of_one == in_list
    return of_one


def decided(outcome: Outcome, reason: Reason = Reason.COMMERCE) -> Case:
    case = Case.objects.open().get()
    return queue.decide(
        case, outcome=outcome, reason=reason, words="Merci.", revision=case.revision, by_account=an_administrator()
    )


@pytest.mark.django_db
def test_a_commercial_sentence_of_a_referent_is_held_until_it_is_read(site):
    referent = a_referent(words=COMMERCE)
    assert referent.hidden_because, "who named them is told"
    assert not is_seen(site, referent)
    assert not services.shown().referents, "no menu leads to an empty list"
    newcomer = make_person("Rosalie", "Blanc", "+33639981299", commune=CoveredCommune.objects.first())
    assert welcome(newcomer) is None, "nobody is entrusted to who is not on the site"
    case = Case.objects.get()
    assert (case.is_held, case.author, case.families) == (True, referent.person, [Family.COMMERCE])
    decided(Outcome.KEPT, Reason.FINE)
    assert is_seen(site, referent)
    assert COMMERCE in site.get(page_of(referent)).text
    # What was read is not asked again; other words are.
    services.change_referent(referent, days="le mardi")
    assert Case.objects.open().exists(), "the days are public words too"
    decided(Outcome.KEPT, Reason.FINE)
    services.change_referent(referent, welcomes=False, words=COMMERCE)
    assert not Case.objects.open().exists()
    assert is_seen(site, referent)


@pytest.mark.django_db
def test_corrected_before_anybody_looked_it_is_shown_at_once(site):
    referent = a_referent()
    assert is_seen(site, referent)
    held = services.change_referent(referent, words=COMMERCE)
    assert held.hidden_because
    assert not is_seen(site, referent)
    assert services.change_referent(referent, words=BUSES).hidden_because == ""
    assert is_seen(site, referent)
    assert not Case.objects.open().exists()


@pytest.mark.django_db
def test_words_that_the_town_refuses_are_refused_by_their_field_and_nothing_is_kept(site):
    CheckRule.objects.filter(family=Family.INSULT).update(effect=Effect.REFUSE)
    referent = a_referent()
    with pytest.raises(ValidationError) as refused:
        services.change_referent(referent, words=INSULT)
    assert list(refused.value.message_dict) == ["words"]
    with pytest.raises(ValidationError):
        a_referent(make_person("Paul", "Durand"), words=INSULT)
    assert Referent.objects.get().words == BUSES
    answer = site.post(
        "/professionnels/proposer/",
        {"name": "Une", "trade": "Coiffeuse", "siret": SIRETS[0], "phone": "01 99 00 11 55", "words": INSULT,
         "agrees": "on"},
    )  # fmt: skip
    assert answer.status_code == 422
    assert "ne peuvent pas être publiés ici" in answer.text
    assert not Professional.objects.exists()


@pytest.mark.django_db
def test_a_contact_in_words_is_masked_on_every_page_and_no_search_finds_it(site):
    words = "Appelez-moi au 06 39 98 00 02, ou canari@exemple.example."
    referent = a_referent(words=words, days="le mardi, ou 06 39 98 00 03")
    assert referent.hidden_because == ""
    a_professional(words=words, is_shown=True)
    for page in (site.get(page_of(referent)).text, site.get(SECTION).text):
        assert "Appelez-moi au" in page
        for secret in ("39 98 00", "canari@"):
            assert secret not in page
    assert "Plomberie" in site.get(f"{SECTION}?q=appelez").text
    for guess in ("06", "canari"):
        assert "Plomberie" not in site.get(f"{SECTION}?q={guess}").text
    assert Referent.objects.get().words == words, "what was written stays, so the mask can get better"


@pytest.mark.django_db
def test_a_referent_is_reported_removed_told_and_comes_back_by_a_human(site):
    person = somebody("Alice", "+33639980002", last_name="Morel")
    referent = a_referent(person)
    path = report_path(REFERENT, referent.pk)
    assert path in site.get(page_of(referent)).text
    answer = site.post(path, {"reason": "false", "words": "Ce n’est pas elle."}, follow=True)
    assert "Merci de nous l’avoir dit" in answer.text
    assert is_seen(site, referent), "a report hides nobody"
    removed = decided(Outcome.REMOVED, Reason.FALSE)
    assert removed.author == person
    assert not is_seen(site, referent)
    for gone in (path, f"{page_of(referent)}photo/"):
        assert site.get(gone).status_code == 404
    assert site.post(path, {"reason": "other"}).status_code == 404
    assert Report.objects.count() == 1
    told = Message.objects.get(kind="moderation_decided")
    assert told.person == person
    (held,) = [one for one in known_of(person) if one.holding.model is Referent]
    assert "fausse identité" in dict(held.rows[0])["Pourquoi il est masqué"]
    # Changing anything else shows nothing again, and asks nothing; other words wait for somebody.
    services.change_referent(referent, welcomes=False)
    assert not Case.objects.open().exists()
    assert services.change_referent(referent, words="Je suis bien Alice.").hidden_because
    assert Case.objects.open().get().families == [Family.RETURNING]
    assert not is_seen(site, referent)
    decided(Outcome.KEPT, Reason.FINE)
    assert is_seen(site, referent)


@pytest.mark.django_db
@pytest.mark.parametrize("outcome", [Outcome.HIDDEN, Outcome.REMOVED])
def test_who_writes_nothing_themselves_is_told_to_call(site, outcome):
    referent = a_referent(somebody("Alice", "+33639980002", last_name="Morel"))
    report(subject=(REFERENT, referent.pk), reason=ReportReason.OTHER)
    decided(outcome)
    told = Message.objects.get(kind="moderation_decided")
    assert "Appelez-nous" in told.body
    assert "corriger dans" not in told.body


@pytest.mark.django_db
def test_a_measure_is_appealed_and_lifted_and_the_referent_is_back(site):
    referent, agent, colleague = a_referent(), an_administrator(), an_administrator()
    usual = {"person": referent.person, "reason": Reason.COMMERCE, "words": "Trois annonces.", "by_account": agent}
    taken = sanctions.take(kind=SanctionKind.SUSPENSION, **usual)
    assert not is_seen(site, referent)
    with pytest.raises(ValidationError, match="suspendue"):
        services.change_referent(referent, words="Encore.")
    assert not services.change_referent(referent, welcomes=False).welcomes, "what nobody reads may change"
    sanctions.appeal(taken, words="Je ne savais pas.", via=Via.PHONE)
    sanctions.answer(taken, is_lifted=True, words="D’accord.", by_account=colleague)
    assert is_seen(site, referent)
    assert services.change_referent(referent, words="Encore.").words == "Encore."


@pytest.mark.django_db
def test_a_professional_may_sell_but_not_insult(site):
    one = a_professional(words=COMMERCE, is_shown=True)
    assert one.hidden_because == ""
    page = site.get(SECTION).text
    assert COMMERCE in page
    path = report_path(PROFESSIONAL, one.pk)
    assert path in page
    assert professionals.change(one, words=INSULT).hidden_because
    assert "Plomberie" not in site.get(SECTION).text
    assert site.get(path).status_code == 404
    case = Case.objects.get()
    assert (case.author, case.is_held) == (None, True)
    assert Family.COMMERCE not in case.families
    assert not professionals.change(one, words="Je répare.").hidden_because
    assert professionals.change(one, legal_form="SARL des connards").hidden_because, "all that is shown is read"
    professionals.change(one, words=INSULT, legal_form="")
    decided(Outcome.HIDDEN, Reason.INSULT)
    one.refresh_from_db()
    assert "des mots blessants" in one.hidden_because
    professionals.change(one, words="Je répare.")
    decided(Outcome.KEPT, Reason.FINE)
    assert "Je répare." in site.get(SECTION).text


@pytest.mark.django_db
def test_a_professional_is_reported_and_there_is_nobody_to_block(site):
    one = a_professional(is_shown=True)
    lucie = make_account("lucie@exemple.example")
    somebody("Lucie", "+33639980007", account=lucie)
    answer = signed_in(lucie).post(report_path(PROFESSIONAL, one.pk), {"reason": "scam"}, follow=True)
    assert "Merci de nous l’avoir dit" in answer.text
    assert "Ne plus voir" not in answer.text
    agent = signed_in(make_account("nadia@ccas.example", AGENTS))
    case = Case.objects.get()
    assert "Annonce de professionnel" in agent.get("/bureau/moderation/").text
    shown = agent.get(reverse("desk:case", args=[case.uid])).text
    for told in ("Plomberie du Morvan", f'href="{SECTION}"'):
        assert told in shown
    professionals.take(one, CLOSE, by_account=an_administrator())
    assert not Case.objects.open().exists(), "nobody reads what is gone"


@pytest.mark.django_db
def test_where_nobody_is_told_the_desk_says_so_and_is_asked_to_call(site):
    lines = [a_professional(words=INSULT, is_shown=True), a_referent(somebody("Alice", "+33639980002"), words=INSULT)]
    desk = signed_in(an_administrator())
    told = []
    for line in lines:
        case = Case.objects.open().get(subject_id=line.pk, subject_kind=subject_of(line)[0])
        url = reverse("desk:case", args=[case.uid])
        assert ("Vous le direz au téléphone" in desk.get(url).text) == (case.author is None)
        said = {"outcome": "hidden", "reason": "insult", "words": "Non.", "revision": case.revision}
        told.append(desk.post(url, said, follow=True).text)
    assert "Personne n’est prévenu\u00a0: appelez." in told[0]
    assert "La personne est prévenue" in told[1]
    assert "Personne n’est prévenu" not in told[1]
    asked = FollowUp.objects.open().get(kind=FollowUpKind.MODERATION, subject_kind=TO_TELL)
    assert asked.subject_id == Case.objects.get(author=None).pk
    page = desk.get(reverse("desk:followup", args=[asked.uid])).text
    assert reverse("desk:case", args=[Case.objects.get(author=None).uid]) in page


@pytest.mark.django_db
def test_who_is_apart_from_a_referent_sees_them_no_more(site):
    referent = a_referent()
    lucie = make_account("lucie@exemple.example")
    person, client = somebody("Lucie", "+33639980007", account=lucie), signed_in(lucie)
    assert is_seen(client, referent)
    answer = client.post(report_path(REFERENT, referent.pk), {"reason": "other"}, follow=True)
    assert "Ne plus voir cette personne" in answer.text
    blocks.block(blocker=person, blocked=referent.person)
    assert not is_seen(client, referent)
    assert is_seen(site, referent)
    blocks.unblock(blocker=person, blocked=referent.person)
    assert is_seen(client, referent)


@pytest.mark.django_db
def test_many_referents_worded_alike_by_one_administrator_are_no_campaign(site):
    for number in range(7):
        assert a_referent(make_person(f"Prénom{number}", "Durand")).hidden_because == ""
    assert not Case.objects.exists()


@pytest.mark.django_db
def test_a_referent_who_ends_leaves_nothing_to_read(site):
    ended, merged = a_referent(words=COMMERCE), a_referent(make_person("Paul", "Durand"), words=COMMERCE)
    assert Case.objects.open().count() == 2
    services.end(ended)
    services.end_of(merged.person)
    assert not Case.objects.open().exists()


@pytest.mark.django_db
def test_the_desk_says_what_is_not_on_the_site(site):
    referent, one = a_referent(), a_professional(is_shown=True)
    desk = signed_in(an_administrator())
    edit = reverse("desk:edit_referent", args=[referent.uid])
    said = {"name": "Alice M.", "title": "feminine", "words": COMMERCE, "agreed": "spoken"}
    assert "attendent d’être lus" in desk.post(edit, said, follow=True).text
    assert "pas sur le site" in desk.get(reverse("desk:referents")).text
    assert "Pas sur le site" in desk.get(edit).text
    assert "C’est enregistré." in desk.post(edit, said | {"words": BUSES}, follow=True).text
    assert "Pas sur le site" not in desk.get(edit).text
    typed = {"name": one.name, "trade": one.trade, "phone": "01 99 00 11 55", "words": INSULT}
    edit = reverse("desk:edit_professional", args=[one.uid])
    answer = desk.post(edit, typed, follow=True).text
    assert "attendent d’être lus" in answer
    assert "Pas sur le site" in answer
    assert "pas sur le site" in desk.get(reverse("desk:professionals")).text


@pytest.mark.django_db
def test_a_link_to_report_costs_a_list_no_query(site):
    counts = []
    for siret in SIRETS:
        a_professional(f"Une {siret}", siret=siret, is_shown=True, words="Je viens chez vous.")
        site.get(SECTION)  # whatever the town keeps in memory
        with CaptureQueriesContext(connection) as log:
            page = site.get(SECTION).text
        counts.append(len(log))
    assert page.count("Signaler un problème") == len(SIRETS)
    assert len(set(counts)) == 1, counts


def test_an_agent_decides_while_an_administrator_writes_again(own_database):
    town = entry_of(FIRST_TOWN)
    with town_context(town):
        referent, agent = a_referent(), an_administrator()
    for turn in range(4):
        with town_context(town):
            services.change_referent(referent, words=f"Devis gratuit, tarif {turn}")
            case = Case.objects.open().get()
        decide = {"outcome": Outcome.HIDDEN, "reason": Reason.COMMERCE, "revision": case.revision, "by_account": agent}
        told = all_at_once(
            [
                lambda case=case, decide=decide: queue.decide(case, **decide),
                lambda turn=turn: services.change_referent(referent, words=f"Bonjour {turn}"),
                lambda turn=turn: services.change_referent(referent, words=f"Bonsoir, tarif {turn}"),
            ],
            town=town,
        )
        allowed = (queue.NotAllowedError, ValidationError)
        assert [one for one in told if isinstance(one, Exception) and not isinstance(one, allowed)] == []
        with town_context(town):
            assert not Referent.objects.on_site().filter(words__contains="tarif").exists()
