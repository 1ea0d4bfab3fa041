"""Who is in the directory, found by a theme, a place or a name; and gone at once when it ends."""

import datetime
import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from accounts.roles import AGENTS
from aid.configuration.models import Rules
from aid.desk.deaths import note_death
from aid.directory import services
from aid.directory.models import Referent, Remit, Theme
from aid.directory.retained import old_referents
from aid.moderation import sanctions
from aid.moderation.enums import Reason, SanctionKind
from aid.onboarding.enums import SUSPEND
from aid.onboarding.services import take
from aid.people.merging import MergeRefusedError
from aid.people.models import Person
from aid.photos.services import keep_photo, remove_photo
from aid.privacy import forgetting, merging
from aid.privacy.enums import Agreed
from aid.territory.models import CoveredCommune
from aid.territory.services import add_district, add_sector
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.desk import make_account, make_person, make_volunteer
from harness.directory import a_place, a_referent, an_administrator
from tenants.context import facing

pytestmark = pytest.mark.django_db
DIRECTORY = "/referents/"


@pytest.fixture
def site(town) -> Client:
    return Client(headers={"host": FIRST_TOWN})


def listed(client: Client, query: str = "") -> str:
    answer = client.get(f"{DIRECTORY}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def yesterday() -> datetime.date:
    return timezone.localdate() - datetime.timedelta(days=1)


def test_a_referent_shows_what_they_agreed_to_and_nothing_else(site):
    somebody = make_person("Alice", "Canaristurnam", "+33639981234", email="canari@exemple.example")
    referent = a_referent(somebody, days="le mardi matin", phone="+33199001156")
    page = site.get(f"{DIRECTORY}{referent.uid}/").content.decode()
    assert "Alice C." in page
    assert "01\u00a099\u00a000\u00a011\u00a056" in page
    assert "Le mardi matin" in page
    assert "La joindre" in page
    for secret in ("Canaristurnam", "canari@", "98\u00a012\u00a034", "+33639981234"):
        assert secret not in page + listed(site)


def test_who_shows_no_number_is_reached_by_the_town(site):
    page = site.get(f"{DIRECTORY}{a_referent().uid}/").content.decode()
    assert "nous vous mettons en relation" in page
    assert "tel:+33344720000" in page.split("La joindre")[1]


@pytest.mark.parametrize(
    "query", ["?q=mobilite", "?q=MOBILITÉ", "?q=éaux", "?q=alice", "?q=un+référent+pour+la+mobilité"]
)
def test_words_are_forgiving_of_accents_and_capitals(site, query):
    theme = Theme.objects.create(name="La mobilité")
    a_referent(themes=[theme], districts=[a_place("Les Éaux-Vives", "49.3", "2.6")])
    a_referent(make_person("Paul", "Durand"), name="Paul D.", title="masculine")
    page = listed(site, query)
    assert "Alice M." in page
    assert "Paul D." not in page


def test_a_theme_and_a_commune_filter_by_the_address(site):
    theme, other = Theme.objects.create(name="L’emploi"), Theme.objects.create(name="Le logement")
    a_referent(themes=[theme], communes=[CoveredCommune.objects.first()])
    assert "Alice M." in listed(site, f"?theme={theme.pk}&commune=60509")
    assert "Alice M." not in listed(site, f"?theme={other.pk}")
    assert "Alice M." not in listed(site, "?commune=38185")
    # Only themes that somebody knows about are offered.
    assert ">L’emploi<" in listed(site)
    assert ">Le logement<" not in listed(site)


def test_who_has_no_place_is_for_the_whole_territory(site):
    a_referent()
    assert "Tout le territoire" in listed(site)
    assert "Alice M." in listed(site, "?q=sainte-maxence")
    assert "Alice M." in listed(site, "?commune=60509")


def test_a_sector_is_found_by_the_names_of_its_parts(site):
    sector = add_sector(
        name="La rive", districts=[add_district(name="Fontaine", commune=CoveredCommune.objects.first())]
    )
    a_referent(sectors=[sector])
    for words in ("rive", "fontaine", "pont+sainte+maxence"):
        assert "Alice M." in listed(site, f"?q={words}")


@pytest.mark.parametrize("words", ["%00", "%25", "'--", "%F0%9F%98%80", "a" * 3000, "%C2%A0"])
def test_whatever_is_typed_answers(site, words):
    a_referent()
    assert site.get(f"{DIRECTORY}?q={words}&theme=x&commune=%00").status_code == 200


def test_words_of_a_referent_run_nowhere(site):
    attack = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    referent = a_referent(name="Al<b>ice", words=attack, days=attack, districts=[a_place("Le <i>Nord", "49.3", "2.6")])
    for page in (listed(site), site.get(f"{DIRECTORY}{referent.uid}/").content.decode()):
        for sign in ("<script>alert", "<img src=x", "Al<b>", "Le <i>"):
            assert sign not in page


def test_it_ends_at_once(site):
    referent = a_referent()
    assert "Alice M." in listed(site)
    services.end(referent)
    assert "Alice M." not in listed(site)
    assert site.get(f"{DIRECTORY}{referent.uid}/").status_code == 404
    assert site.get(DIRECTORY)["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


def test_dates_begin_and_end_it(site):
    today = timezone.localdate()
    to_come = a_referent(starts_on=today + datetime.timedelta(days=1))
    assert site.get(f"{DIRECTORY}{to_come.uid}/").status_code == 404
    last_day = a_referent(make_person("Paul", "Durand"), starts_on=yesterday(), ends_on=today)
    assert site.get(f"{DIRECTORY}{last_day.uid}/").status_code == 200
    Referent.objects.filter(pk=last_day.pk).update(ends_on=yesterday())
    assert site.get(f"{DIRECTORY}{last_day.uid}/").status_code == 404
    assert services.end_those_over() == 1
    assert services.end_those_over() == 0
    with pytest.raises(ValidationError, match="après le premier"):
        a_referent(make_person("Zoé"), starts_on=today, ends_on=yesterday())


def test_who_died_or_is_suspended_is_gone(site):
    volunteer = make_volunteer()
    suspended, died = a_referent(volunteer.person), a_referent(make_person("Paul", "Durand"))
    take(volunteer, SUSPEND)
    note_death(died.person, on=timezone.localdate(), by_account=an_administrator())
    for referent in (suspended, died):
        assert site.get(f"{DIRECTORY}{referent.uid}/").status_code == 404
    died.refresh_from_db()
    assert died.ended_at is not None
    with pytest.raises(ValidationError, match="décédée"):
        a_referent(Person.objects.get(pk=died.person_id))


def test_who_is_excluded_is_gone_though_no_volunteer(site):
    referent = a_referent(make_person("Zoé", "Durand"))
    assert site.get(f"{DIRECTORY}{referent.uid}/").status_code == 200
    sanctions.take(
        person=referent.person,
        kind=SanctionKind.EXCLUSION,
        reason=Reason.MONEY,
        words="De l’argent a été demandé.",
        by_account=an_administrator(),
    )
    assert site.get(f"{DIRECTORY}{referent.uid}/").status_code == 404


def test_an_account_that_is_closed_is_gone(site):
    account = make_account("camille@ccas.example", AGENTS, first_name="Camille", last_name="Roy")
    referent = a_referent(account)
    assert "Camille Roy" in listed(site)
    account.is_active = False
    account.save()
    assert site.get(f"{DIRECTORY}{referent.uid}/").status_code == 404
    with pytest.raises(ValidationError, match="agent"):
        a_referent(make_account("habitante@exemple.example", first_name="Zoé"))


def picture() -> ContentFile:
    drawn = io.BytesIO()
    Image.new("RGB", (300, 300), "#7a9e7e").save(drawn, "PNG")
    return ContentFile(drawn.getvalue(), name="moi.png")


def test_a_photo_is_public_with_their_agreement_only(site):
    person = make_person("Alice", "Morel")
    keep_photo(person, picture(), how=Agreed.SPOKEN, by_account=an_administrator())
    referent = a_referent(person)
    where = f"{DIRECTORY}{referent.uid}/photo/"
    assert site.get(where).status_code == 404
    assert where not in listed(site)
    services.change_referent(referent, shows_photo=True)
    assert where in listed(site)
    answer = site.get(where)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    remove_photo(person, how=Agreed.SPOKEN)
    assert site.get(where).status_code == 404


def test_another_photo_asks_for_another_agreement(site):
    person, agent = make_person("Alice", "Morel"), an_administrator()
    referent = a_referent(person, shows_photo=True)
    where = f"{DIRECTORY}{referent.uid}/photo/"
    keep_photo(person, picture(), how=Agreed.SPOKEN, by_account=agent)
    assert site.get(where).status_code == 404, "nobody agreed to a photo that was not there"
    services.change_referent(referent, shows_photo=True)
    assert site.get(where).status_code == 200
    services.change_referent(referent, days="le mardi")
    assert site.get(where).status_code == 200, "it is the same photo"
    keep_photo(person, picture(), how=Agreed.SPOKEN, by_account=agent)
    assert site.get(where).status_code == 404
    services.change_referent(referent, shows_photo=True)
    assert site.get(where).status_code == 200
    remove_photo(person, how=Agreed.SPOKEN)
    keep_photo(person, picture(), how=Agreed.ON_SCREEN)
    assert site.get(where).status_code == 404
    assert where not in listed(site)


@pytest.mark.parametrize("kept_has_one", [True, False])
def test_of_two_cards_made_one_the_photo_that_was_agreed_to_is_shown_and_no_other(site, kept_has_one):
    kept, gone = make_person("Alice", "Morel"), make_person("Alice", "Morel")
    keep_photo(gone, picture(), how=Agreed.SPOKEN)
    if kept_has_one:
        keep_photo(kept, picture(), how=Agreed.SPOKEN)
    referent = a_referent(gone, shows_photo=True)
    where = f"{DIRECTORY}{referent.uid}/photo/"
    assert site.get(where).status_code == 200
    merging.merge(kept, gone, take=(), seen=merging.preview(kept, gone).seen, by_account=an_administrator())
    assert site.get(where).status_code == (404 if kept_has_one else 200)


def test_what_a_referent_showed_is_kept_a_time_after_the_end(town):
    running, ended = a_referent(), services.end(a_referent(make_person("Paul", "Durand")))
    assert not old_referents(timezone.now() - datetime.timedelta(days=1)).exists()
    assert old_referents(timezone.now() + datetime.timedelta(days=1)).get() == ended
    assert Referent.objects.running().get() == running


def test_forgetting_takes_public_words_away(site):
    referent = a_referent()
    forgetting.forget(referent.person)
    assert site.get(f"{DIRECTORY}{referent.uid}/").status_code == 404
    assert not Referent.objects.exists()


def test_two_cards_made_one_are_one_referent(site):
    kept, gone = make_person("Alice", "Morel"), make_person("Alice", "Morel")
    first, second = a_referent(kept), a_referent(gone)
    seen = merging.preview(kept, gone).seen
    try:
        merging.merge(kept, gone, take=(), seen=seen, by_account=an_administrator())
    except MergeRefusedError as error:
        pytest.fail(str(error))
    running = Referent.objects.running().get()
    assert (running.pk, running.person_id) == (first.pk, kept.pk)
    second.refresh_from_db()
    assert second.person_id == kept.pk
    assert second.ended_at is not None


def test_named_again_it_is_the_same_one(town):
    person = make_person("Alice", "Morel")
    first = a_referent(person)
    assert a_referent(person, words="Autre chose") == first
    Referent.objects.filter(pk=first.pk).update(starts_on=yesterday(), ends_on=yesterday())
    again = a_referent(person, words="Autre chose")
    assert again != first
    assert Referent.objects.running().get() == again


def test_a_list_costs_as_much_for_twenty_as_for_two(site):
    counts = []
    theme = Theme.objects.create(name="La mobilité")
    for many in (2, 20):
        for number in range(many):
            place = a_place(f"Quartier {many} {number}", "49.3", "2.6")
            sector = add_sector(name=f"Secteur {many} {number}", districts=[place])
            a_referent(make_person(f"Prénom{number}", "Durand"), districts=[place], sectors=[sector], themes=[theme])
        listed(site)  # whatever the town keeps in memory
        with CaptureQueriesContext(connection) as log:
            listed(site)
        counts.append(len(log))
    assert counts[0] == counts[1] <= 15


def test_a_town_shows_its_own_referents_only(site, other_town):
    with facing(other_town):
        elsewhere = a_referent(make_person("Zélie", "Ailleurs"))
    a_referent()
    assert "Zélie" not in listed(site)
    assert site.get(f"{DIRECTORY}{elsewhere.uid}/").status_code == 404
    assert "Alice" not in listed(Client(headers={"host": SECOND_TOWN}))


def test_the_menu_leads_there_once_there_is_somebody(site):
    assert 'href="/referents/"' not in site.get("/").content.decode()
    a_referent()
    Rules.objects.update(directory_in_menu=True)
    for cached in (site.get("/?nouveau"), site.get("/demander/")):
        assert cached.status_code == 200


def test_the_map_reads_the_list_and_asks_nobody_for_anything(site):
    a_referent(districts=[a_place("Le Nord", "49.32", "2.6")])
    answer = site.get(DIRECTORY)
    page = answer.content.decode()
    assert 'data-map-name="Alice M., référente"' in page
    assert 'data-map-place="Le Nord" data-map-lat="49.32' in page
    assert 'hidden data-map="referents"' in page
    assert page.index('id="referents"') < page.index('data-map="referents"'), "the list comes first"
    assert "img-src 'self' data:;" in answer["Content-Security-Policy"] + ";"
    assert "data-map-tiles" not in page
    # A page without a map loads nothing of it.
    assert "leaflet" not in site.get("/referents/?q=personne").content.decode()


def test_without_a_known_centre_there_is_no_map(site):
    a_referent(themes=[Theme.objects.create(name="L’emploi")])
    assert "leaflet" not in listed(site)


def test_tiles_that_the_town_chose_are_let_in_on_that_page_only(site):
    Rules.objects.update_or_create(
        pk=1, defaults={"tiles_url": "https://cartes.exemple.example/{z}/{x}/{y}.png", "tiles_credit": "© <b>Moi"}
    )
    a_referent(districts=[a_place("Le Nord", "49.32", "2.6")])
    answer = site.get(DIRECTORY)
    assert "img-src 'self' data: https://cartes.exemple.example" in answer["Content-Security-Policy"]
    assert 'data-map-credit="© &lt;b&gt;Moi"' in answer.content.decode()
    assert "cartes.exemple" not in site.get("/referents/?q=personne")["Content-Security-Policy"]
    assert "cartes.exemple" not in site.get("/")["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("url", "credit"), [("http://a.example/{z}/{x}/{y}", "Moi"), ("https://a.example/{z}/{x}/{y}.png", "")]
)
def test_tiles_without_https_or_credit_are_refused(town, url, credit):
    with pytest.raises(ValidationError):
        Rules(pk=1, tiles_url=url, tiles_credit=credit).full_clean(validate_unique=False)


def test_the_operator_s_tiles_are_those_of_towns_that_chose_none(site, settings):
    settings.MAP_TILES_URL, settings.MAP_TILES_CREDIT = "https://tuiles.palier.example/{z}/{x}/{y}.png", "Palier"
    a_referent(districts=[a_place("Le Nord", "49.32", "2.6")])
    assert "https://tuiles.palier.example" in site.get(DIRECTORY)["Content-Security-Policy"]


def test_each_list_of_a_referent_changes_alone_though_they_share_a_table(site):
    theme, sector = Theme.objects.create(name="L’emploi"), add_sector(name="La rive")
    place, commune = a_place("Le Nord", "49.32", "2.6"), CoveredCommune.objects.first()
    referent = a_referent(themes=[theme], sectors=[sector], communes=[commune], districts=[place])
    services.change_referent(referent, districts=[], themes=[theme])
    kept = [list(getattr(referent, name).all()) for name in ("themes", "sectors", "communes", "districts")]
    assert kept == [[theme], [sector], [commune], []]
    sector.delete()
    assert set(Remit.objects.values_list("theme", "sector", "commune", "district")) == {
        (theme.pk, None, None, None),
        (None, None, commune.pk, None),
    }


def test_a_remit_is_one_thing_said_once(town):
    theme, sector = Theme.objects.create(name="L’emploi"), add_sector(name="La rive")
    referent = a_referent(themes=[theme])
    for wrong in ({}, {"theme": theme, "sector": sector}, {"theme": theme}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Remit.objects.create(referent=referent, **wrong)
    Remit.objects.create(referent=referent, sector=sector)
