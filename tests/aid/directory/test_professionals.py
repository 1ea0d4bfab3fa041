"""Professionals: a right SIRET, checked by an agent, shown apart, and never among volunteers or in figures."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import AGENTS
from aid.configuration.models import Rules
from aid.directory import professionals
from aid.directory.enums import CHECK, CLOSE, HIDE, MOVES, RECHECK, REFUSE, SHOW, ProfessionalState
from aid.directory.jobs import tidy_up
from aid.directory.models import Professional
from aid.directory.retained import old_professionals
from aid.facts.models import Fact
from aid.followups.models import FollowUp
from aid.onboarding.models import Volunteer
from aid.people.models import Person
from aid.territory.models import CoveredCommune
from core.company_numbers import format_siret, normalise_siret
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.desk import make_account
from harness.directory import SIRETS, a_professional, an_administrator, with_professionals
from tenants.context import facing

pytestmark = pytest.mark.django_db
SECTION, ASKING = "/professionnels/", "/professionnels/proposer/"
TYPED = {
    "name": "Coiffure à la maison", "trade": "Coiffeuse", "siret": "732 829 320 00074", "phone": "01 99 00 11 55",
    "words": "Je viens chez vous.", "agrees": "on",
}  # fmt: skip


@pytest.fixture
def site(town) -> Client:
    with_professionals()
    return Client(headers={"host": FIRST_TOWN})


@pytest.fixture
def desk(town) -> Client:
    client = Client(headers={"host": FIRST_TOWN})
    client.force_login(make_account("nadia@ccas.example", AGENTS, first_name="Nadia", last_name="Benali"))
    return client


@pytest.mark.parametrize(
    "typed", ["73282932000074", "732 829 320 00074", "732.829.320-00074", "\u00a0732\u00a0829\u202f320 00074\n"]
)
def test_a_siret_is_read_whatever_stands_between_its_digits(typed):
    assert normalise_siret(typed) == "73282932000074"


@pytest.mark.parametrize("post", ["35600000000048", "35600000049837"])
def test_the_post_has_a_key_of_its_own(post):
    """Its head office follows Luhn; the digits of each of its offices add up to a multiple of five."""
    assert normalise_siret(post) == post
    with pytest.raises(ValidationError):
        normalise_siret(f"{post[:-1]}{(int(post[-1]) + 1) % 10}")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("732 829 320", "quatorze chiffres"),
        ("732829320000745", "quatorze chiffres"),
        ("7328293200007A", "quatorze chiffres"),
        ("٧٣٢٨٢٩٣٢٠٠٠٠٧٤", "quatorze chiffres"),
        ("", "quatorze chiffres"),
        ("73282932000075", "n’existe pas"),
        ("00000000000001", "n’existe pas"),
        ("35600000000049", "n’existe pas"),
    ],
)
def test_a_wrong_siret_is_told_in_french(typed, told):
    with pytest.raises(ValidationError, match=told):
        normalise_siret(typed)


def test_a_siret_is_written_by_threes():
    assert format_siret("73282932000074") == "732\u00a0829\u00a0320\u00a000074"


def test_without_the_rule_nothing_of_it_exists(town, desk):
    client = Client(headers={"host": FIRST_TOWN})
    for path in (SECTION, ASKING, "/professionnels/merci/"):
        assert client.get(path).status_code == 404
    assert client.post(ASKING, TYPED).status_code == 404
    for name in ("desk:professionals", "desk:new_professional"):
        assert desk.get(reverse(name)).status_code == 404
    assert "professionnels" not in desk.get(reverse("desk:referents")).content.decode()


def test_the_blueprint_of_faire_compagnie_has_it_and_names_it(other_town):
    with facing(other_town):
        rules = Rules.objects.get()
        assert (rules.has_professionals, rules.professionals_title) == (True, "Voisins pro-actifs")
    assert "Voisins pro-actifs" in Client(headers={"host": SECOND_TOWN}).get(SECTION).content.decode()


def test_a_business_asks_an_agent_checks_and_it_is_shown(site, desk):
    answer = site.post(ASKING, TYPED)
    assert answer["Location"] == "/professionnels/merci/"
    asked = Professional.objects.get()
    assert (asked.state, asked.siret, asked.phone) == (ProfessionalState.PROPOSED, "73282932000074", "+33199001155")
    assert "Coiffure" not in site.get(SECTION).content.decode()
    followup = FollowUp.objects.get()
    where = reverse("desk:professional", args=[asked.uid])
    assert where in desk.get(reverse("desk:followup", args=[followup.uid])).content.decode()
    move = reverse("desk:move_professional", args=[asked.uid, "verifier"])
    assert "Écrivez quelques mots" in desk.post(move, {"words": " "}).content.decode()
    assert desk.post(move, {"words": "Vue sur l’annuaire de l’État."})["Location"] == where
    followup.refresh_from_db()
    assert followup.done_at is not None
    assert "Coiffure" not in site.get(SECTION).content.decode(), "an agent decides to show it"
    desk.post(reverse("desk:move_professional", args=[asked.uid, "afficher"]))
    page = site.get(SECTION).content.decode()
    for told in ("Coiffure à la maison", "Payant", "Ici, les services sont payants.", "Ouverture vérifiée en"):
        assert told in page
    assert "732" not in page, "its SIRET is for agents"
    assert 'data-color="brand1"' in page


def test_what_was_typed_is_kept_and_every_error_is_next_to_its_field(site):
    answer = site.post(ASKING, {"name": "Mon <b>entreprise", "siret": "12", "phone": "99", "words": "x" * 401})
    page = answer.content.decode()
    assert answer.status_code == 422
    for told in (
        "Écrivez le métier.", "Un SIRET a quatorze chiffres", "Écrivez 400 signes au plus.", "Cochez cette case",
        "Mon &lt;b&gt;entreprise",
    ):  # fmt: skip
        assert told in page
    assert site.post(ASKING, TYPED | {"approval": "12"}).status_code == 422
    assert site.post(ASKING, TYPED | {"approval": "sap 123 456 789"}).status_code == 302
    assert Professional.objects.get().approval == "SAP123456789"


def test_a_siret_is_there_once_while_it_runs(site):
    assert site.post(ASKING, TYPED).status_code == 302
    assert site.post(ASKING, TYPED).status_code == 302, "pressed twice"
    assert Professional.objects.count() == 1
    other = site.post(ASKING, TYPED | {"name": "Une autre"})
    assert "déjà dans notre annuaire" in other.content.decode()
    professionals.take(Professional.objects.get(), REFUSE, by_account=an_administrator(), words="Fermée.")
    assert site.post(ASKING, TYPED | {"name": "Une autre"}).status_code == 302


def test_the_form_of_the_site_is_not_sent_without_end(site):
    for number in range(professionals.MOST_A_DAY):
        site.post(ASKING, TYPED | {"siret": SIRETS[number % len(SIRETS)]})
    answer = site.post(ASKING, TYPED | {"siret": SIRETS[-1], "name": "De trop"})
    assert answer.status_code == 429
    assert "De trop" in answer.content.decode()
    assert not Professional.objects.filter(name="De trop").exists()


@pytest.mark.parametrize("move", MOVES.values(), ids=lambda move: move.name)
@pytest.mark.parametrize("state", list(ProfessionalState))
def test_each_step_starts_where_it_may_and_nowhere_else(town, move, state):
    professional, account = a_professional(), an_administrator()
    Professional.objects.filter(pk=professional.pk).update(
        state=state, checked_on=timezone.localdate(), checked_how="Vue.", reason="Fermée."
    )
    if state in move.sources:
        assert professionals.take(professional, move, by_account=account, words="Vue.").state == move.target
    else:
        with pytest.raises(professionals.NotAllowedError):
            professionals.take(professional, move, by_account=account, words="Vue.")


def test_nothing_is_shown_unchecked_nor_refused_without_a_reason(town):
    professional, account = a_professional(), an_administrator()
    with pytest.raises(professionals.NotAllowedError):
        professionals.take(professional, SHOW, by_account=account)
    for move in (CHECK, REFUSE):
        with pytest.raises(ValidationError):
            professionals.take(professional, move, by_account=account, words="")
        with pytest.raises(ValidationError):
            professionals.take(professional, move, by_account=account, words="x" * 301)


def test_each_year_it_is_checked_again(town):
    professional, account = a_professional(is_shown=True), an_administrator()
    tidy_up()
    assert not FollowUp.objects.exists()
    long_ago = timezone.localdate() - datetime.timedelta(days=366)
    Professional.objects.update(checked_on=long_ago)
    tidy_up()
    tidy_up()
    followup = FollowUp.objects.get()
    assert "il y a un an" in followup.words
    again = professionals.take(professional, RECHECK, by_account=account, words="Appelée.")
    assert (again.state, again.checked_on) == (ProfessionalState.SHOWN, timezone.localdate())
    assert not FollowUp.objects.open().exists()
    tidy_up()
    assert FollowUp.objects.count() == 1


def test_taken_off_or_closed_it_is_gone_at_once(site):
    professional, account = a_professional(is_shown=True), an_administrator()
    assert "Plomberie" in site.get(SECTION).content.decode()
    professionals.take(professional, HIDE, by_account=account)
    assert "Plomberie" not in site.get(SECTION).content.decode()
    professionals.take(professional, CLOSE, by_account=account)
    assert not old_professionals(timezone.now() - datetime.timedelta(days=1)).exists()
    assert old_professionals(timezone.now() + datetime.timedelta(days=1)).get() == professional


def test_it_is_never_among_volunteers_people_or_figures(site, desk):
    before = (Person.objects.count(), Volunteer.objects.count(), Fact.objects.count())
    a_professional("Canari-Plomberie", is_shown=True, communes=[CoveredCommune.objects.first()])
    assert (Person.objects.count(), Volunteer.objects.count(), Fact.objects.count()) == before
    for path in (
        "/", "/referents/", "/referents/?q=canari", "/demander/", "/bureau/", "/bureau/benevoles/",
        "/bureau/personnes/", "/bureau/annuaire/",
    ):  # fmt: skip
        client = desk if path.startswith("/bureau/") else site
        assert "Canari-Plomberie" not in client.get(path).content.decode(), path
    found = desk.post("/bureau/personnes/chercher/", {"texte": "Canari", "ici": "/bureau/personnes/"})
    assert "Canari-Plomberie" not in found.content.decode()
    related = {field.related_model for field in Professional._meta.get_fields() if field.is_relation}
    assert not related & {Person, Volunteer}


def test_words_of_a_business_run_nowhere(site, desk):
    attack = "<script>alert(1)</script>"
    made = a_professional(f"Nom {attack}", is_shown=True, words=attack, trade=attack[:60], legal_form=attack)
    for page in (site.get(SECTION), desk.get(reverse("desk:professional", args=[made.uid]))):
        assert "<script>alert" not in page.content.decode()


def test_it_is_found_by_a_trade_or_a_commune(site):
    a_professional("Chez Élise", trade="Électricienne", is_shown=True, communes=[CoveredCommune.objects.first()])
    for query in ("?q=electricien", "?q=ELISE", "?commune=60509", "?q=pont+sainte"):
        assert "Chez Élise" in site.get(f"{SECTION}{query}").content.decode(), query
    for query in ("?q=plombier", "?commune=38185"):
        assert "Chez Élise" not in site.get(f"{SECTION}{query}").content.decode(), query


@pytest.mark.parametrize("query", ["une+plombière+à+Sainte-Maxence", "PLOMBIERE+pour+le+Morvan", "ste+maxence"])
def test_it_is_looked_for_as_referents_are(site, query):
    """Small words are passed over; who has no place is for the whole territory, by the name of any commune of it."""
    a_professional(is_shown=True)
    a_professional("Chez Élise", trade="Coiffeuse", siret=SIRETS[1], is_shown=True)
    page = site.get(f"{SECTION}?q={query}").content.decode()
    assert "Plomberie du Morvan" in page
    assert ("Chez Élise" in page) == query.startswith("ste")


def test_an_agent_types_one_and_changes_it(desk):
    with_professionals()
    typed = {name: value for name, value in TYPED.items() if name != "agrees"}
    answer = desk.post(reverse("desk:new_professional"), typed)
    made = Professional.objects.get()
    assert answer["Location"] == reverse("desk:professional", args=[made.uid])
    assert made.created_by is not None
    assert not FollowUp.objects.exists(), "who typed it is there to check it"
    edit = reverse("desk:edit_professional", args=[made.uid])
    assert "Écrivez le métier." in desk.post(edit, typed | {"trade": ""}).content.decode()
    desk.post(edit, typed | {"trade": "Barbière", "siret": SIRETS[2]})
    made.refresh_from_db()
    assert (made.trade, made.siret) == ("Barbière", SIRETS[0])


def test_a_town_has_its_own(site, other_town):
    with facing(other_town):
        elsewhere = a_professional("D’ailleurs", is_shown=True)
    assert "D’ailleurs" not in site.get(SECTION).content.decode()
    assert elsewhere.siret == a_professional(is_shown=True).siret


def test_a_list_costs_as_much_for_twenty_as_for_two(site, django_assert_max_num_queries):
    place = CoveredCommune.objects.first()
    account = an_administrator()
    for number, siret in enumerate(SIRETS):
        a_professional(f"Entreprise {number}", siret=siret, is_shown=True, communes=[place], by_account=account)
    with django_assert_max_num_queries(14):
        site.get(SECTION)
