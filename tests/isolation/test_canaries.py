"""Nothing of anybody in addresses, in subjects of e-mails, on error pages, nor in what is logged.

Every page of a town is opened as each role sees it, then its forms are sent with what people type; each person's name,
numbers and addresses are canaries, and so is all that is typed.
"""

import logging
from collections.abc import Callable, Iterator
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from bs4.element import Tag
from django.conf import settings
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.test import Client

from aid.help_requests import services as asking
from aid.help_requests.models import HelpRequest
from aid.notifications.models import Message
from aid.offers.models import Offer
from aid.onboarding.models import Volunteer
from aid.people.enums import Channel
from aid.people.models import Person
from aid.proposals.models import Proposal
from aid.proposals.services import accept, ask_volunteers
from harness import pages
from harness.databases import FIRST_TOWN
from harness.loop import ADDRESS, DETAILS, let_the_hour_pass, open_request
from harness.scene import Scene, play
from tenants.context import town_context
from tenants.logs import QuietFormatter
from tenants.registry import registry
from themes.brand import format_telephone

TYPED, TYPED_PHONE = "Zanzibartapé", "06 39 98 77 66"
# A link to press on a telephone, or to write to somebody, says whom by nature; it is on the page of who may read it.
REFUSED_FORM = 422
BY_NATURE = ("tel:", "sms:", "mailto:")


@pytest.fixture(scope="module")
def scene(own_database: str) -> Scene:
    """Everybody's last name and e-mail are nobody else's."""
    town = registry.find(FIRST_TOWN)[0]
    made = play(town, FIRST_TOWN, brand_colour="#0B6E4F")
    with town_context(town):
        for name, person in made.people.items():
            Person.objects.filter(pk=person.pk).update(
                last_name=f"Zanzibar{name}", email=f"zanzibar.{name}@exemple.example", address=f"9 allée Zanzibar{name}"
            )
    return made


def canaries(scene: Scene) -> set[str]:
    """All that is of somebody, in every way that it may be written; first names are public."""
    with town_context(scene.town):
        numbers = set(Person.objects.exclude(phone="").values_list("phone", flat=True))
        said = set(HelpRequest.objects.exclude(address="").values_list("address", flat=True))
    written = {number.removeprefix("+33") for number in numbers}
    written |= {format_telephone(number) for number in numbers}
    return {"zanzibar", TYPED.casefold(), "39 98 77 66", "39987766", ADDRESS.casefold(), DETAILS.casefold()} | {
        one.casefold() for one in written | said
    }


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """What the installation would log, in its own words, and more: from the lowest level."""
    kept: list[str] = []
    formatter = next(one.formatter for one in logging.getLogger().handlers if isinstance(one.formatter, QuietFormatter))

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            record.town = "ville"
            kept.append(formatter.format(record))

    handler, root = Keeping(logging.DEBUG), logging.getLogger()
    levels = {name: logging.getLogger(name).level for name in ("", *logging.Logger.manager.loggerDict)}
    for name in levels:
        logging.getLogger(name).setLevel(logging.DEBUG)
    # Statements with their values, and what templates look for: no settings of ours ask for them.
    for name in ("django.db.backends", "django.template"):
        logging.getLogger(name).setLevel(logging.INFO)
    root.addHandler(handler)
    yield kept
    root.removeHandler(handler)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def found_in(text: str, sought: set[str]) -> set[str]:
    plain = unquote(text).casefold().replace("\xa0", " ").replace("+", " ")
    return {one for one in sought if one.replace("\xa0", " ") in plain}


def addresses_in(page: BeautifulSoup) -> Iterator[str]:
    for tag in page.find_all(True):
        for name in ("href", "src", "action", "formaction"):
            if not (address := str(tag.get(name, ""))).startswith(BY_NATURE):
                yield address


def filled(form: Tag) -> dict[str, str | list[str]]:
    """What a browser sends of a form once canaries were typed in each field, and the first of each choice taken."""
    data: dict[str, str | list[str]] = {}
    for field in form.find_all(["input", "textarea", "select"]):
        name, kind = str(field.get("name", "")), str(field.get("type", field.name))
        if not name or kind in {"file", "submit", "button"}:
            continue
        if kind == "hidden":
            data[name] = str(field.get("value", ""))
        elif kind in {"radio", "checkbox"}:
            data.setdefault(name, str(field.get("value", "on")))
        elif kind == "select":
            options = [str(one.get("value", "")) for one in field.find_all("option")]
            data[name] = options[-1] if options else ""
        else:
            data[name] = TYPED_PHONE if "phone" in name or kind == "tel" else TYPED
    button = form.find("button", attrs={"name": True})
    return data | ({str(button["name"]): str(button.get("value", ""))} if button else {})


def look(client: Client, path: str, sought: set[str], lines: list[str]) -> list[str]:
    """What is wrong with a page, and with what its forms answer."""
    answer = client.get(path)
    page = BeautifulSoup(answer.content, "html.parser") if "html" in answer.get("Content-Type", "") else None
    wrong = [f"address {one}" for one in addresses_in(page) if found_in(one, sought)] if page else []
    wrong += _of(answer, sought)
    forms = page.find_all("form", attrs={"method": "post"}) if page else []
    for form in forms:
        sent = client.post(str(form.get("action") or path), filled(form))
        wrong += _of(sent, sought)
    wrong += [f"log {line}" for line in lines if found_in(line, sought)]
    lines.clear()
    return [f"{path}: {one}" for one in wrong]


def _of(answer: HttpResponse, sought: set[str]) -> list[str]:
    location = answer.get("Location", "")
    wrong = [f"leads to {location}"] if found_in(location, sought) else []
    disposition = answer.get("Content-Disposition", "")
    if found_in(disposition, sought):
        wrong.append(f"is named {disposition}")
    # A form that is refused shows what was typed in it, to who typed it.
    if answer.status_code >= 400 and answer.status_code != REFUSED_FORM:
        told = found_in(answer.content.decode(), sought)
        if told:
            wrong.append(f"error {answer.status_code} says {told}")
    return wrong


def browser(scene: Scene, role: str) -> Client:
    client = Client(headers={"host": FIRST_TOWN}, raise_request_exception=False)
    if scene.sessions[role]:
        client.cookies[settings.SESSION_COOKIE_NAME] = scene.sessions[role]
    return client


def every_page(scene: Scene) -> dict[str, set[str]]:
    """The pages of a town, by role; signing out comes last, or nothing would be seen."""
    found: dict[str, set[str]] = {}
    for seen in (one for lines in pages.TOWN.values() for one in lines):
        if not seen.path.startswith("/deconnexion/"):
            found.setdefault(seen.role, set()).add(scene.in_town(seen.path))
    return found


@pytest.mark.long
def test_nothing_of_anybody_is_in_addresses_errors_or_logs(scene, lines):
    sought, wrong, count = canaries(scene), [], 0
    for role, paths in every_page(scene).items():
        for path in sorted(paths):
            wrong += look(browser(scene, role), path, sought, lines)
            count += 1
    assert wrong == []
    assert count > 100


def test_subjects_of_e_mails_name_nobody(scene):
    sought = canaries(scene)
    with town_context(scene.town):
        Person.objects.exclude(email="").update(channel=Channel.EMAIL)
        jeanne = Person.objects.get(pk=scene.people["jeanne"].pk)
        alice = Volunteer.objects.get(person=scene.people["alice"].pk)
        # She is free whenever that is.
        Offer.objects.filter(volunteer=alice).update(slots=[])
        for _ in range(2):
            request = open_request(jeanne)
            ask_volunteers(request.pk)
            accept(Proposal.objects.get(request=request, volunteer=alice))
        asking.cancel(request, words=TYPED)
        let_the_hour_pass(request := HelpRequest.objects.exclude(pk=request.pk).latest("pk"))
        asking.thank(asking.finish(HelpRequest.objects.get(pk=request.pk), minutes=60), words=TYPED)
        subjects = set(Message.objects.filter(channel=Channel.EMAIL).values_list("subject", flat=True))
    assert len(subjects) >= 5, subjects
    assert [one for one in subjects if found_in(one, sought)] == []


def fails_of_somebody(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A view that meets an error which quotes somebody."""

    def answer(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(request: HttpRequest, *args: object) -> None:
        try:
            raise IntegrityError(f"Key (phone)=({TYPED_PHONE}) already exists.")
        except IntegrityError as error:
            raise ValueError(f"{TYPED} n’est pas un nom") from error

    answer.process_view = process_view
    return answer


def test_an_error_that_quotes_somebody_is_logged_without_its_words(scene, lines, settings):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.fails_of_somebody"]
    sought = canaries(scene)
    answer = browser(scene, "agent").get("/bureau/")
    assert answer.status_code == 500
    assert found_in(answer.content.decode(), sought) == set()
    logged = "\n".join(lines)
    assert "builtins.ValueError" in logged
    assert "django.db.utils.IntegrityError" in logged
    assert "in process_view" in logged, "where it happened"
    assert found_in(logged, sought) == set()


def test_canaries_are_seen_where_they_are(scene):
    sought = canaries(scene)
    for text in ("/chercher/?q=ZanzibarJeanne", "0639987766 39987766", "%C2%A0Zanzibartap%C3%A9", f"x {TYPED_PHONE}"):
        assert found_in(text, sought), text
    assert found_in("/bureau/personne/00000000-0000-0000-0000-000000000001/", sought) == set()
