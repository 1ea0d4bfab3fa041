"""Somebody phones: the agent finds or creates her, and writes down what for."""

from datetime import timedelta

import pytest
from django.utils import timezone

from aid.configuration.models import KindOfHelp
from aid.help_requests.enums import AskedBy, Consent, RequestState, Source
from aid.help_requests.models import HelpRequest
from aid.people.models import Person
from aid.territory.models import CoveredCommune
from aid.territory.services import add_district
from harness.desk import make_person

pytestmark = pytest.mark.django_db
HERE = "/bureau/demande/nouvelle/"


def what(**changes):
    """What the form sends for a request of tomorrow."""
    day = timezone.localdate() + timedelta(days=1)
    sent = {
        "kind": str(KindOfHelp.objects.first().pk),
        "day": day.isoformat(),
        "hour": "14:30",
        "moment": "any",
        "details": "Un colis à chercher",
        "commune": str(CoveredCommune.objects.first().pk),
        "address": "3 rue des Lilas",
        "source": "phone",
        "asked_by": "self",
        "asked_by_name": "",
        "consent": "spoken",
    }
    return sent | changes


def who(**changes):
    """What the form sends for somebody new."""
    sent = {
        "first_name": "Jeanne",
        "last_name": "Martin",
        "phone": "01 99 00 12 34",
        "birth_year": "1941",
        "at_home": "on",
    }
    return sent | changes


def test_somebody_known_is_found_by_her_number_and_her_request_entered(desk, agent, jeanne):
    """The sixty seconds: type the number, « c’est elle », what and when, her consent, Enter."""
    found = desk.post("/bureau/personnes/chercher/", {"texte": "0199001234", "ici": HERE}).content.decode()
    assert "Jeanne Martin" in found
    assert "<html" not in found
    assert f"{HERE}?personne={jeanne.uid}" in found
    chosen = desk.get(HERE, {"personne": jeanne.uid}).content.decode()
    assert 'value="3 rue des Lilas"' in chosen  # never asked twice
    assert 'name="first_name"' not in chosen
    answer = desk.post(HERE, what(personne=str(jeanne.uid)))
    request = HelpRequest.objects.get()
    assert answer["Location"] == f"/bureau/demande/{request.uid}/"
    assert (request.person, request.state, request.entered_by) == (jeanne, RequestState.OPEN, agent)
    assert (request.source, request.asked_by, request.consent) == (Source.PHONE, AskedBy.SELF, Consent.SPOKEN)
    assert "saisi par Nadia Benali pour Jeanne Martin" in desk.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("text", ["01 99 00 12 34", "+33199001234", "Jeanne Martin", "MARTIN jeanne"])
def test_without_javascript_the_same_search_brings_the_page_back(desk, jeanne, text):
    page = desk.post(HERE, {"chercher": "1", "texte": text}).content.decode()
    assert f"?personne={jeanne.uid}" in page
    assert page.count("<h1") == 1


def test_what_was_looked_for_in_vain_need_not_be_typed_again(desk, town):
    by_name = desk.post(HERE, {"chercher": "1", "texte": "Odette Lebrun"}).content.decode()
    assert 'value="Odette"' in by_name
    assert 'value="Lebrun"' in by_name
    assert "Personne de ce nom" in by_name
    by_phone = desk.post(HERE, {"chercher": "1", "texte": "01 99 00 56 78"}).content.decode()
    assert by_phone.count('value="01 99 00 56 78"') == 2


def test_somebody_new_is_created_on_the_same_screen(desk, agent):
    answer = desk.post(
        HERE, who() | what(asked_by="professional", asked_by_name="Mme Roy, infirmière", consent="on_paper")
    )
    request = HelpRequest.objects.select_related("person").get()
    person = request.person
    assert answer.status_code == 302
    assert (person.full_name, person.phone, person.birth_year) == ("Jeanne Martin", "+33199001234", 1941)
    assert (person.address, person.created_by) == ("3 rue des Lilas", agent)
    assert (request.asked_by_name, request.consent) == ("Mme Roy, infirmière", Consent.ON_PAPER)


def test_help_elsewhere_is_not_kept_as_her_address(desk, town):
    sent = who() | what(address="Gare")
    del sent["at_home"]
    desk.post(HERE, sent)
    assert (HelpRequest.objects.get().address, Person.objects.get().address) == ("Gare", "")


def test_somebody_alike_is_shown_and_never_blocks(desk, jeanne):
    warned = desk.post(HERE, who() | what())
    page = warned.content.decode()
    assert warned.status_code == 200
    assert "C’est peut-être elle" in page
    assert f'value="{jeanne.uid}"' in page
    assert "Un colis à chercher" in page  # nothing typed is lost
    assert desk.post(HERE, who(same_as=str(jeanne.uid)) | what()).status_code == 302
    assert Person.objects.get() == jeanne
    assert desk.post(HERE, who(same_as="nouvelle") | what(hour="16:00")).status_code == 302
    assert Person.objects.count() == 2


def test_that_it_is_her_keeps_what_was_typed(desk, jeanne):
    page = desk.post(
        HERE, who() | what() | {"garder": "1", "personne": str(jeanne.uid), "consent": ""}
    ).content.decode()
    assert "Un colis à chercher" in page
    assert "ds-error-summary" not in page
    assert f'name="personne" value="{jeanne.uid}"' in page
    assert not HelpRequest.objects.exists()


@pytest.mark.parametrize("is_known", [True, False])
def test_a_double_submit_enters_one_request(desk, jeanne, is_known):
    sent = what(personne=str(jeanne.uid)) if is_known else who(first_name="Odette", phone="06 39 98 00 07") | what()
    first, second = desk.post(HERE, sent), desk.post(HERE, sent | ({} if is_known else {"same_as": "nouvelle"}))
    assert first["Location"] == second["Location"]
    assert HelpRequest.objects.count() == 1
    assert Person.objects.count() == (1 if is_known else 2)
    assert desk.post(HERE, sent | {"hour": "17:00", "same_as": "nouvelle"})["Location"] != first["Location"]


def test_a_double_submit_of_somebody_new_is_not_asked_whether_it_is_her(desk, town):
    """The second press arrives when the first has created her: she resembles herself."""
    first, second = (desk.post(HERE, who() | what()) for _ in range(2))
    assert (second.status_code, second["Location"]) == (302, first["Location"])
    assert Person.objects.count() == 1


YESTERDAY = (timezone.localdate() - timedelta(days=1)).isoformat()


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"day": YESTERDAY}, "Choisissez aujourd’hui ou un jour à venir."),
        ({"day": "2199-01-01"}, "dans l’année qui vient"),
        ({"day": "31/02/2027"}, "Écrivez un jour"),
        ({"day": ""}, "Choisissez un jour."),
        ({"hour": "25:00"}, "Écrivez une heure"),
        ({"kind": ""}, "Choisissez une aide."),
        ({"kind": "999999"}, "Choisissez une aide de la liste."),
        ({"commune": "999999"}, "Choisissez une commune de la liste."),
        ({"consent": ""}, "Demandez-lui son accord"),
        ({"consent": "on_screen"}, "Choisissez une réponse de la liste."),
        ({"asked_by": "relative"}, "Écrivez le nom de la personne qui demande."),
        ({"details": "é" * 10_000}, "Écrivez 1\u00a0000\u00a0signes au plus."),
        ({"first_name": ""}, "Écrivez son prénom."),
        ({"first_name": "x" * 10_000}, "Écrivez 80\u00a0signes au plus."),
        ({"phone": "12 34"}, "Écrivez un numéro à dix chiffres"),
        ({"phone": "9" * 10_000}, "Écrivez 40\u00a0signes au plus."),
        ({"birth_year": "41"}, "Écrivez l’année en quatre chiffres"),
        ({"birth_year": "x"}, "Écrivez l’année en quatre chiffres"),
        ({"address": "\x00"}, "Le caractère nul n’est pas autorisé."),
    ],
)
def test_what_is_wrong_is_said_by_its_field_and_nothing_typed_is_lost(desk, town, wrong, error):
    sent = who(first_name="Simone") | what(details="À garder <b>ici</b> 😀") | wrong
    answer = desk.post(HERE, sent)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count(error) == 2  # next to the field, and in the summary that leads to it
    assert 'aria-invalid="true"' in page
    if "details" not in wrong:
        assert "À garder &lt;b&gt;ici&lt;/b&gt; 😀" in page
    for name, typed in wrong.items():
        if typed and name in {"details", "first_name", "phone", "birth_year"}:
            assert typed in page
    assert not HelpRequest.objects.exists()
    assert not Person.objects.exists()


def test_the_hour_of_today_is_to_come(desk, jeanne):
    past = (timezone.localtime() - timedelta(minutes=1)).replace(second=0, microsecond=0)
    if past.date() == timezone.localdate():
        sent = what(personne=str(jeanne.uid), day=past.date().isoformat(), hour=f"{past:%H:%M}")
        assert "Cette heure est passée" in desk.post(HERE, sent).content.decode()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("+32 2 555 12 12", "+3225551212"), ("0033 1 99 00 12 34", "+33199001234"), ("06.39.98.00.01", "+33639980001")],
)
def test_numbers_from_anywhere_are_kept(desk, town, typed, kept):
    assert desk.post(HERE, who(phone=typed, first_name="Zoé 😀 <i>") | what()).status_code == 302
    person = Person.objects.get()
    assert (person.phone, person.first_name) == (kept, "Zoé 😀 <i>")


def test_a_district_is_one_of_its_commune(desk, town, jeanne):
    commune = CoveredCommune.objects.first()
    district = add_district(name="Centre", commune=commune)
    desk.post(HERE, what(personne=str(jeanne.uid), district=str(district.pk)))
    assert HelpRequest.objects.get().district == district
    refused = desk.post(HERE, what(personne=str(jeanne.uid), district="999999", hour="9:00"))
    assert "Choisissez un quartier de la liste." in refused.content.decode()


@pytest.mark.parametrize("text", ["", "   ", "%", "_", "' OR 1=1 --", "x" * 10_000, "😀", "\x00", "<script>", "+" * 50])
def test_strange_searches_find_nobody(desk, jeanne, text):
    answer = desk.post("/bureau/personnes/chercher/", {"texte": text})
    assert answer.status_code == 200
    assert "Jeanne" not in answer.content.decode()
    assert desk.post(HERE, {"chercher": "1", "texte": text}).status_code == 200


def test_a_search_leads_only_where_the_desk_says(desk, jeanne):
    found = desk.post("/bureau/personnes/chercher/", {"texte": "martin", "ici": "https://ailleurs.example/"})
    assert "ailleurs" not in found.content.decode()


def test_somebody_chosen_who_is_not_a_number_is_nobody(desk, town):
    assert desk.get(HERE, {"personne": "pas-un-uid"}).status_code == 200


def test_a_couple_shares_a_number(desk, jeanne):
    make_person("Paul", "Martin", jeanne.phone)
    found = desk.post("/bureau/personnes/chercher/", {"texte": "01 99 00 12 34", "ici": HERE}).content.decode()
    assert "2 personnes trouvées" in found


def test_the_button_of_somebody_alike_takes_her_with_everything_typed(desk, jeanne):
    asked = desk.post(HERE, who() | what()).content.decode()
    assert f'name="c_est_elle" value="{jeanne.uid}"' in asked
    assert 'name="same_as" value="nouvelle"' in asked
    page = desk.post(HERE, who(c_est_elle=str(jeanne.uid)) | what(consent="")).content.decode()
    assert f'name="personne" value="{jeanne.uid}"' in page
    assert "Un colis à chercher" in page
    assert "ds-error-summary" not in page
    assert desk.post(HERE, what(personne=str(jeanne.uid))).status_code == 302
    assert Person.objects.get() == jeanne


def test_that_it_is_somebody_else_is_said_once(desk, jeanne):
    page = desk.post(HERE, who(same_as="nouvelle") | what(consent="")).content.decode()
    assert "Vous avez dit que c’est quelqu’un d’autre." in page
    assert '<input type="hidden" name="same_as" value="nouvelle">' in page
    assert not HelpRequest.objects.exists()


@pytest.mark.parametrize(
    ("first_name", "last_name"),
    [("Jane", "Martin"), ("Jean\u200bne", "Martin"), ("JEANNE", "marthin"), ("Martin", "Jeanne")],
)
def test_a_name_alike_and_the_same_year_are_shown(desk, jeanne, first_name, last_name):
    sent = who(first_name=first_name, last_name=last_name, phone="")
    assert "C’est peut-être elle" in desk.post(HERE, sent | what()).content.decode()
    assert desk.post(HERE, sent | {"birth_year": "1950"} | what()).status_code == 302


@pytest.mark.parametrize(
    "names", [("Conan", "O’Brien"), ("Aya", "N’Guessan"), ("Marie", "Le Goff-Ménard"), ("Y", ""), ("فاطمة", "علي")]
)
def test_names_of_everywhere_are_kept_and_met_again(desk, town, names):
    sent = who(first_name=names[0], last_name=names[1], phone="")
    assert desk.post(HERE, sent | what()).status_code == 302
    assert (Person.objects.get().first_name, Person.objects.get().last_name) == names
    Person.objects.update(created_by=None)  # another agent's: this one did not press twice
    assert "C’est peut-être elle" in desk.post(HERE, sent | what()).content.decode()
