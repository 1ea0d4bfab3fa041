"""Asking on the site, at its own door: three pages, whatever is typed, clicked twice, or lost on the way."""

import datetime
import re
from html import unescape
from uuid import UUID

import pytest
from django.test import Client

from aid.configuration.models import KindOfHelp, Rules
from aid.followups.models import FollowUp
from aid.help_requests.enums import AskedBy, Consent, Moment, RequestState
from aid.help_requests.models import HelpRequest
from aid.help_requests.times import town_now
from aid.notifications.models import Message
from aid.people.models import Person
from aid.territory.models import CoveredCommune, District
from harness import requests as make
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.requests import LANDLINE, MOBILE, OTHER_MOBILE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
WHAT, WHEN, YOU, CODE = "/demander/", "/demander/quand/", "/demander/vous/", "/demander/code/"
ABOUT_WHEN = {"day_choice": "tomorrow", "moment": "any"}
ABOUT_YOU = {"first_name": "Jeanne", "phone": "06 39 98 00 01"}


@pytest.fixture
def jeanne(visit):
    return visit(FIRST_TOWN)


def ask(client: Client, *, you=None, when=None):
    """All three steps; the answer to the last one."""
    kind = KindOfHelp.objects.offered().first().slug
    assert client.post(WHAT, {"kind": kind})["Location"] == WHEN
    answer = client.post(WHEN, ABOUT_WHEN | (when or {}))
    assert answer.status_code == 302, words(answer)
    assert answer["Location"] == YOU
    return client.post(YOU, ABOUT_YOU | (you or {}))


def words(answer) -> str:
    """What a page says, for people."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def follow_link() -> str:
    """The link of the last message."""
    return re.search(r"/suivi/\S+/", Message.objects.filter(kind="noted").latest("pk").body).group()


def test_jeanne_asks_confirms_her_number_and_follows(jeanne):
    answer = ask(jeanne, you={"last_name": "Dupont", "details": "Au 2e étage <b>droite</b> 😀"})
    assert answer["Location"] == CODE
    request = HelpRequest.objects.get()
    assert (request.state, request.day, request.consent) == (
        RequestState.TO_CHECK,
        make.tomorrow(),
        Consent.ON_SCREEN,
    )
    assert request.details == "Au 2e étage <b>droite</b> 😀"
    assert "06\u00a039\u00a098\u00a000\u00a001" in jeanne.get(CODE).content.decode()

    code = make.code_sent_to(MOBILE)
    refused = jeanne.post(CODE, {"code": make.wrong_code(code)})
    assert (refused.status_code, "n’est pas le bon" in words(refused)) == (422, True)
    assert jeanne.post(CODE, {"code": ""}).status_code == 422

    followed = jeanne.post(CODE, {"code": code})
    assert followed["Location"] == follow_link()
    assert "Nous cherchons un voisin" in words(jeanne.get(followed["Location"]))
    request.refresh_from_db()
    assert request.state == RequestState.OPEN


def test_a_name_is_no_place_for_a_number(jeanne):
    for field, says in (("first_name", "votre prénom"), ("last_name", "votre nom")):
        refused = ask(jeanne, you={field: "Jeanne 06 39 98 00 77"})
        assert (refused.status_code, f"Écrivez seulement {says}." in words(refused)) == (422, True)
    assert not HelpRequest.objects.exists()
    assert ask(jeanne, you={"last_name": "Dupont"})["Location"] == CODE


def test_there_are_three_steps_and_six_required_fields_at_most(jeanne):
    CoveredCommune.objects.create(commune_id="60139")
    required = 0
    steps = [(WHAT, {"kind": KindOfHelp.objects.first().slug}), (WHEN, ABOUT_WHEN | {"commune": 1}), (YOU, {})]
    for number, (url, data) in enumerate(steps, 1):
        page = jeanne.get(url)
        html = page.content.decode()
        assert f"Étape {number} sur 3" in words(page)
        assert html.count("<h1") == 1
        assert page["Cache-Control"].count("no-store") == 1
        required += sum(field.required for field in page.context["form"].fields.values())
        if "commune" in data:
            data["commune"] = CoveredCommune.objects.first().pk
        jeanne.post(url, data)
    assert required == 6


def test_a_kind_is_chosen_beforehand_by_the_address(jeanne):
    slug = KindOfHelp.objects.offered().last().slug
    assert re.search(rf'value="{slug}"[^>]* checked', jeanne.get(f"{WHAT}?aide={slug}").content.decode())
    assert jeanne.get(f"{WHAT}?aide=inconnue").status_code == 200


def test_going_back_keeps_everything(jeanne):
    kind = KindOfHelp.objects.offered().last()
    jeanne.post(WHAT, {"kind": kind.slug})
    in_a_week = town_now().date() + datetime.timedelta(days=7)
    jeanne.post(
        WHEN,
        {
            "day_choice": "other",
            "day": in_a_week.strftime("%d/%m/%Y"),
            "moment": "hour",
            "hour": "14h30",
            "address": "1 rue Neuve",
        },
    )
    refused = jeanne.post(YOU, {"first_name": "Jeanne", "phone": "12", "details": "Bonjour"})
    assert refused.status_code == 422
    assert f'value="{kind.slug}" id="id_kind_5" checked' in jeanne.get(WHAT).content.decode()
    second = jeanne.get(WHEN).content.decode()
    assert f'value="{in_a_week.isoformat()}"' in second
    assert 'value="14:30"' in second
    assert "1 rue Neuve" in second
    third = jeanne.get(YOU).content.decode()
    assert 'value="Jeanne"' in third
    assert "Bonjour" in third
    assert "à 14\u00a0h\u00a030" in unescape(third)


@pytest.mark.parametrize("url", [WHEN, YOU, CODE])
def test_a_session_lost_on_the_way_begins_again_and_says_no_error(jeanne, url):
    assert jeanne.get(url)["Location"] == WHAT
    assert jeanne.post(url, ABOUT_WHEN | ABOUT_YOU | {"code": "123456"})["Location"] == WHAT
    ask(jeanne)
    jeanne.cookies.clear()
    assert jeanne.get(url)["Location"] == WHAT


def test_an_hour_later_a_shared_computer_has_forgotten(jeanne, monkeypatch):
    ask(jeanne)
    assert jeanne.get(CODE).status_code == 200
    later = datetime.datetime.now(datetime.UTC).timestamp() + 3601
    monkeypatch.setattr("time.time", lambda: later)
    assert jeanne.get(CODE)["Location"] == WHAT


def test_sending_twice_is_sending_once(jeanne):
    first = ask(jeanne)
    again = jeanne.post(YOU, ABOUT_YOU)
    back = jeanne.post(WHEN, ABOUT_WHEN)
    assert first["Location"] == again["Location"] == back["Location"] == jeanne.get(YOU)["Location"] == CODE
    assert HelpRequest.objects.count() == Person.objects.count() == Message.objects.count() == 1


def test_two_windows_that_send_at_once_write_one_request(jeanne):
    """The second has read the session before the first has written that it was sent."""
    kind = KindOfHelp.objects.offered().first().slug
    jeanne.post(WHAT, {"kind": kind})
    jeanne.post(WHEN, ABOUT_WHEN)
    before = dict(jeanne.session["asking"])
    jeanne.post(YOU, ABOUT_YOU)
    session = jeanne.session
    session["asking"] = before
    session.save()
    jeanne.post(YOU, ABOUT_YOU)
    assert HelpRequest.objects.get().uid == UUID(before["uid"])


def test_after_a_request_another_one_begins(jeanne):
    ask(jeanne)
    page = jeanne.get(WHAT)
    assert " checked" not in page.content.decode()
    assert ask(jeanne, when={"moment": "morning"})["Location"] == CODE
    assert HelpRequest.objects.count() == 2


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"day_choice": ""}, "day_choice", "Choisissez un jour."),
        ({"day_choice": "never"}, "day_choice", "Choisissez un jour."),
        ({"day_choice": "other"}, "day", "Écrivez le jour"),
        ({"day_choice": "other", "day": "31/02/2027"}, "day", "Ce jour n’existe pas."),
        ({"day_choice": "other", "day": "2027-02-31"}, "day", "Ce jour n’existe pas."),
        ({"day_choice": "other", "day": "demain"}, "day", "Ce jour n’existe pas."),
        ({"day_choice": "other", "day": "2020-01-01"}, "day", "Ce jour est passé."),
        ({"day_choice": "other", "day": "01/01/2200"}, "day", "Ce jour est trop loin."),
        ({"moment": ""}, "moment", "Choisissez un moment."),
        ({"moment": "hour"}, "hour", "Écrivez l’heure"),
        ({"moment": "hour", "hour": "25:00"}, "hour", "Cette heure n’existe pas."),
        ({"moment": "hour", "hour": "😀"}, "hour", "Cette heure n’existe pas."),
        ({"address": "x" * 10_000}, "address", "200 caractères au plus"),
        ({"address": "a\x00b"}, "address", ""),
    ],
)
def test_an_impossible_when_is_told_beside_its_field(jeanne, typed, field, said):
    jeanne.post(WHAT, {"kind": KindOfHelp.objects.first().slug})
    answer = jeanne.post(WHEN, ABOUT_WHEN | typed)
    assert answer.status_code == 422
    html = unescape(answer.content.decode())
    assert list(answer.context["form"].errors) == [field]
    assert re.search(rf'id="id_{field}-erreur">[^<]*{said}', html)
    assert f'href="#id_{field}' in html
    assert jeanne.get(YOU)["Location"] == WHEN


@pytest.mark.parametrize("hour", ["14:30", "14h30", "14 h 30", "9h", "9", "09:05:00"])
def test_an_hour_is_typed_as_people_write_it(jeanne, hour):
    jeanne.post(WHAT, {"kind": KindOfHelp.objects.first().slug})
    assert jeanne.post(WHEN, ABOUT_WHEN | {"moment": "hour", "hour": hour})["Location"] == YOU


def test_a_date_or_an_hour_given_up_is_not_read(jeanne):
    ask(jeanne, when={"day": "31/02/2027", "hour": "pas sûre"})
    request = HelpRequest.objects.get()
    assert (request.day, request.hour, request.moment) == (make.tomorrow(), None, Moment.ANY)


@pytest.mark.parametrize(
    "typed",
    [
        "0639980001", "06 39 98 00 01", "06.39.98.00.01", "06-39-98-00-01", "+33639980001", "+33 6 39 98 00 01",
        "0033 6 39 98 00 01", "+33 (0)6 39 98 00 01", "06\u00a039\u00a098\u00a000\u00a001",
        "06\u202f39\u202f98\u202f00\u202f01",
    ],
)  # fmt: skip
def test_a_number_is_read_however_it_is_typed(jeanne, typed):
    ask(jeanne, you={"phone": typed})
    assert Person.objects.get().phone == MOBILE


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"first_name": ""}, "first_name", "Écrivez votre prénom."),
        ({"first_name": "😀😀"}, "first_name", "avec des lettres"),
        ({"first_name": "x" * 10_000}, "first_name", "80 caractères au plus"),
        ({"phone": ""}, "phone", "Écrivez votre numéro"),
        ({"phone": "06 39 98 00"}, "phone", "dix chiffres"),
        ({"phone": "jeanne@exemple.example"}, "phone", "dix chiffres"),
        ({"phone": "1" * 10_000}, "phone", "dix chiffres"),
        ({"phone": "+999 12345678"}, "phone", "dix chiffres"),
        ({"details": "é" * 10_000}, "details", "1000 caractères au plus"),
        ({"is_for_somebody": "on"}, "asked_by_name", "Écrivez votre nom"),
    ],
)
def test_an_impossible_answer_is_told_beside_its_field_and_nothing_typed_is_lost(jeanne, typed, field, said):
    typed = {"last_name": "<script>alert(1)</script>"} | typed
    answer = ask(jeanne, you=typed)
    assert answer.status_code == 422
    html = unescape(answer.content.decode())
    assert list(answer.context["form"].errors) == [field]
    assert re.search(rf'id="id_{field}-erreur">[^<]*{said}', html)
    assert "<script>alert" not in answer.content.decode()
    for value in (ABOUT_YOU | typed).values():
        assert value in html
    assert not HelpRequest.objects.exists()
    assert jeanne.post(YOU, ABOUT_YOU)["Location"] == CODE


def test_html_is_shown_as_it_was_typed(jeanne):
    ask(jeanne, you={"first_name": "<b>Jeanne</b>"})
    jeanne.post(CODE, {"code": make.code_sent_to(MOBILE)})
    assert Person.objects.get().first_name == "<b>Jeanne</b>"
    assert "<b>Jeanne</b>" not in jeanne.get(follow_link()).content.decode()


def test_a_daughter_asks_for_her_mother(jeanne):
    ask(jeanne, you={"is_for_somebody": "on", "asked_by_name": "Anne, sa fille"})
    request = HelpRequest.objects.get()
    assert (request.asked_by, request.asked_by_name, request.person.first_name) == (
        AskedBy.RELATIVE,
        "Anne, sa fille",
        "Jeanne",
    )


def test_a_kind_withdrawn_and_a_day_gone_by_meanwhile_are_asked_again(jeanne, monkeypatch):
    kind = KindOfHelp.objects.offered().first()
    jeanne.post(WHAT, {"kind": kind.slug})
    jeanne.post(WHEN, ABOUT_WHEN)
    with monkeypatch.context() as two_days_later:
        now = town_now() + datetime.timedelta(days=2)
        two_days_later.setattr("aid.help_requests.times.timezone.now", lambda: now)
        answer = jeanne.post(YOU, ABOUT_YOU)
        assert answer["Location"] == WHEN
    KindOfHelp.objects.filter(pk=kind.pk).update(is_offered=False)
    assert jeanne.post(YOU, ABOUT_YOU)["Location"] == WHAT
    assert "plus proposée" in words(jeanne.get(WHAT))


def test_tomorrow_stays_the_same_day_after_midnight(jeanne, monkeypatch):
    jeanne.post(WHAT, {"kind": KindOfHelp.objects.first().slug})
    jeanne.post(WHEN, ABOUT_WHEN)
    day = make.tomorrow()
    now = town_now() + datetime.timedelta(days=1)
    monkeypatch.setattr("aid.help_requests.times.timezone.now", lambda: now.replace(hour=0, minute=5))
    assert jeanne.post(YOU, ABOUT_YOU)["Location"] == CODE
    assert HelpRequest.objects.get().day == day


def test_limits_are_told_with_the_telephone_and_the_form_stays(jeanne):
    Rules.objects.update(requests_a_day_by_number=1)
    ask(jeanne)
    answer = ask(jeanne, you={"details": "Encore un mot"})
    assert answer.status_code == 429
    assert "Nous ne pouvons pas noter d’autre demande en ligne aujourd’hui" in words(answer)
    assert "tel:+33344720000" in answer.content.decode()
    assert "Encore un mot" in words(answer)
    assert HelpRequest.objects.count() == 1


def test_a_code_is_sent_again_and_the_first_one_stops_working(jeanne):
    ask(jeanne)
    first = make.code_sent_to(MOBILE)
    resent = jeanne.post(CODE, {"resend": "1"}, follow=True)
    assert "Un nouveau code est parti" in words(resent)
    second = make.code_sent_to(MOBILE)
    if first != second:
        assert jeanne.post(CODE, {"code": first}).status_code == 422
    for _ in range(4):
        refused = jeanne.post(CODE, {"resend": "1"})
    assert "Nous avons déjà envoyé plusieurs codes" in words(refused)


def test_the_site_never_tells_a_known_mobile_from_another(visit):
    known = make.a_known_person(phone=OTHER_MOBILE, last_name="Dupont", address="1 rue Neuve", email="j@e.example")
    before = make.asked_online(phone=OTHER_MOBILE)
    pages = []
    for phone in (MOBILE, OTHER_MOBILE):
        client = visit(FIRST_TOWN)
        answers = [ask(client, you={"phone": phone}), client.get(CODE), client.post(CODE, {"code": "abc"})]
        shown = "".join(f"{answer.status_code}{answer.get('Location')}{words(answer)}" for answer in answers)
        digits = "06\u00a039\u00a098\u00a000\u00a001" if phone == MOBILE else "06\u00a039\u00a098\u00a000\u00a002"
        pages.append(shown.replace(digits, "NUMBER").replace(" ".join(digits.split()), "NUMBER"))
        for secret in ("Dupont", "rue Neuve", "j@e.example", "/suivi/"):
            assert secret not in shown
        # A code is sent either way; only its reader goes further.
        assert make.code_sent_to(phone)
        assert client.get(YOU)["Location"] == CODE
    assert pages[0] == pages[1]
    assert list(known.help_requests.values_list("state", flat=True)) == [RequestState.OPEN, RequestState.OPEN]
    assert before.pk


def test_the_site_never_tells_a_known_landline_from_another(visit):
    known = make.a_known_person(phone="+33199000002")
    pages = []
    for phone in (LANDLINE, "01 99 00 00 02"):
        client = visit(FIRST_TOWN)
        answer = ask(client, you={"phone": phone})
        assert re.fullmatch(r"/suivi/\d+-[a-z2-7]{16}/", answer["Location"])
        pages.append(words(client.get(answer["Location"])))
    assert pages[0] == pages[1]
    assert "Votre demande est notée" in pages[0]
    assert known.help_requests.get().state == RequestState.OPEN
    assert FollowUp.objects.open().filter(kind="confirm_number").count() == 1


def test_a_town_of_several_communes_asks_which_and_only_its_own(jeanne):
    elsewhere = CoveredCommune.objects.create(commune_id="60139")
    home = CoveredCommune.objects.exclude(pk=elsewhere.pk).get()
    centre = District.objects.create(name="Centre", commune=home)
    jeanne.post(WHAT, {"kind": KindOfHelp.objects.first().slug})
    for typed, field in [
        ({}, "commune"),
        ({"commune": "999999"}, "commune"),
        ({"commune": "x"}, "commune"),
        ({"commune": elsewhere.pk, "district": centre.pk}, "district"),
        ({"commune": home.pk, "district": "999999"}, "district"),
    ]:
        answer = jeanne.post(WHEN, ABOUT_WHEN | typed)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    jeanne.post(WHEN, ABOUT_WHEN | {"commune": home.pk, "district": centre.pk})
    assert f'<option value="{home.pk}" selected>' in jeanne.get(WHEN).content.decode()
    jeanne.post(YOU, ABOUT_YOU)
    request = HelpRequest.objects.get()
    assert (request.commune, request.district) == (home, centre)


def test_where_communes_are_many_one_is_typed(jeanne, monkeypatch):
    monkeypatch.setattr("aid.territory.forms.MOST_LISTED_COMMUNES", 1)
    elsewhere = CoveredCommune.objects.create(commune_id="60139")
    jeanne.post(WHAT, {"kind": KindOfHelp.objects.first().slug})
    page = jeanne.get(WHEN).content.decode()
    assert '<datalist id="communes"><option value="' in page
    for typed in ("", "Grenoble", "x" * 10_000):
        assert list(jeanne.post(WHEN, ABOUT_WHEN | {"commune": typed}).context["form"].errors) == ["commune"]
    jeanne.post(WHEN, ABOUT_WHEN | {"commune": str(elsewhere).upper()})
    assert f'value="{elsewhere}"' in jeanne.get(WHEN).content.decode()
    jeanne.post(YOU, ABOUT_YOU)
    assert HelpRequest.objects.get().commune == elsewhere


def test_steps_cost_few_queries(jeanne, django_assert_max_num_queries):
    for url in (WHAT, WHEN, YOU):
        with django_assert_max_num_queries(20):
            jeanne.get(url)


def test_asking_is_first_in_the_menu_of_every_town_in_its_own_words(visit):
    for host, words in ((FIRST_TOWN, "Demander un coup de main"), (SECOND_TOWN, "Faire signe à un voisin")):
        page = visit(host).get("/").content.decode()
        assert f'<a class="menu__link" href="/demander/">{words}</a>' in page
