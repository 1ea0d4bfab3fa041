"""A town with something in every state, and somebody in every role: for who looks at each of its pages.

It really commits. Each service is called as the product calls it; jobs that it puts in the queue are left there.
"""

import io
from dataclasses import dataclass, field
from itertools import count

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.files.images import ImageFile
from django.db.models import F
from django.test import Client
from django.utils import timezone
from PIL import Image as Drawing
from wagtail.images import get_image_model
from wagtail.images.models import Image

from accounts.models import Account
from accounts.roles import ADMINISTRATORS, AGENTS
from aid.configuration.models import Identity
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.followups.services import ask, finish
from aid.help_requests import services as asking
from aid.help_requests.enums import AskedBy, RequestState
from aid.help_requests.models import HelpRequest
from aid.help_requests.texts import ASKED
from aid.notes.services import write_note
from aid.notifications.leaving import STAY
from aid.notifications.models import Message
from aid.onboarding.enums import VolunteerState
from aid.onboarding.models import Volunteer
from aid.people.enums import ImportState
from aid.people.importing import services as importing
from aid.people.models import PeopleImport, Person
from aid.people.services import confirm_phone, leave_account
from aid.privacy import consents, leaving, rights
from aid.privacy.enums import Agreed, ConsentKind, RightKind, Via
from aid.privacy.models import Leaving, RightsRequest
from aid.proposals.enums import Outcome
from aid.proposals.models import Proposal
from aid.proposals.services import accept, ask_volunteers, decline, tell_not_held
from aid.relations import services as relations
from aid.relations.enums import Consent as GivenBy
from aid.relations.enums import Deed, Kinship, Scope
from aid.relations.models import Mandate
from aid.support.ending import end
from aid.support.models import SupportAccess
from aid.support.services import new_link
from aid.territory.models import CoveredCommune
from cms.blocks.sections import SECTIONS
from cms.pages.models import ContentPage, HomePage
from cms.pages.news import NEWS_A_PAGE, NewsIndexPage, NewsPage
from core.links import token_for
from harness import rooms
from harness.browsers import browser_at
from harness.desk import send_list
from harness.letters import caught
from harness.loop import let_the_hour_pass, open_request, request_of, somebody, visits, volunteer
from harness.messages import deliver_all
from harness.second_step import digits, forget_it, give_application
from harness.support import a_link, an_access, an_operator
from tenants.context import town_context
from tenants.registry import TownEntry

EVERY_SECTION = "toutes-les-sections"
_phones = (f"+3363998{number:04}" for number in count(4000))


def sign_in(host: str, account: Account) -> Client:
    """A browser that somebody has signed in with."""
    return browser_at(host, account)


def session_of(client: Client) -> str:
    """The cookie that makes another browser the same."""
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@dataclass
class Scene:
    """What there is to see in a town."""

    town: TownEntry
    host: str
    people: dict[str, Person] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    requests: dict[str, HelpRequest] = field(default_factory=dict)
    proposals: dict[Outcome, Proposal] = field(default_factory=dict)
    followups: dict[str, FollowUp] = field(default_factory=dict)
    # Cookies: of who has signed in, and of who is half-way through some steps.
    sessions: dict[str, str] = field(default_factory=lambda: {"anonymous": ""})
    lists: dict[str, PeopleImport] = field(default_factory=dict)
    rights: dict[str, RightsRequest] = field(default_factory=dict)
    leaving: dict[str, Leaving] = field(default_factory=dict)
    mandates: dict[str, Mandate] = field(default_factory=dict)
    accesses: dict[str, SupportAccess] = field(default_factory=dict)
    support_token: str = ""
    reply_to: int = 0
    # What rooms that came later put between braces, by name (harness.rooms).
    tokens: dict[str, object] = field(default_factory=dict)

    def in_town(self, path: str) -> str:
        """A path with the tokens of this town's rows: `{follow:open}`, `{asked:open}`, `{answer:to_answer}`…"""
        return path.format_map(_Tokens(self))


class _Tokens(dict):
    """What stands between braces in the paths of the lists of pages."""

    def __init__(self, scene: Scene) -> None:
        super().__init__(reply=scene.reply_to)
        for name, request in scene.requests.items():
            self[f"request_{name}"] = request.uid
            self[f"follow_{name}"] = _token(scene, "follow", request.pk)
            self[f"asked_{name}"] = _token(scene, ASKED, request.pk)
        self |= {f"person_{name}": person.uid for name, person in scene.people.items()}
        self |= {f"number_{name}": person.pk for name, person in scene.people.items()}
        self |= {f"answer_{name}": _token(scene, "answer", one.pk) for name, one in scene.proposals.items()}
        self["support_token"] = scene.support_token
        self |= {f"support_{name}": one.uid for name, one in scene.accesses.items()}
        self |= {f"account_{role}": account.uid for role, account in scene.accounts.items()}
        self |= {f"list_{name}": one.uid for name, one in scene.lists.items()}
        self |= {f"mandate_{name}": one.uid for name, one in scene.mandates.items()}
        self |= {f"followup_{name}": one.uid for name, one in scene.followups.items()}
        self |= {f"right_{name}": one.uid for name, one in scene.rights.items()}
        self |= scene.tokens
        self |= {f"stay_{name}": _token(scene, STAY, one.pk) for name, one in scene.leaving.items()}


def _token(scene: Scene, purpose: str, number: int) -> str:
    with town_context(scene.town):
        return token_for(purpose, number)


def play(town: TownEntry, host: str, *, brand_colour: str) -> Scene:
    """Set the scene in a town."""
    scene = Scene(town, host)
    with town_context(town):
        Identity.objects.update(brand_colour=brand_colour)
        _people(scene)
        _requests(scene)
        _relations(scene)
        _followups(scene)
        _rights(scene)
        _lists(scene)
        _support(scene)
        rooms.play(scene)
        _pages()
        deliver_all()
        scene.reply_to = Message.objects.sent().filter(channel="sms", person=scene.people["alice"])[0].pk
        assert {one.state for one in scene.requests.values()} == set(RequestState)
        assert set(scene.proposals) == set(Outcome)
    _half_way(scene)
    return scene


def _people(scene: Scene) -> None:
    """Somebody who asks, two neighbours who help, one who does not any more, a couple, who left it, a newcomer."""
    home = {"address": "12 rue des Lilas", "commune": CoveredCommune.objects.first(), "birth_year": 1941}
    scene.people["jeanne"] = somebody("Jeanne", next(_phones), last_name="Dubois", **home)
    confirm_phone(scene.people["jeanne"])
    # Perhaps the same person: the same phone. She shares an address with Max, and René did.
    shared = {"email": "couple.de.la.scene@exemple.example"}
    scene.people["odette"] = somebody("Odette", scene.people["jeanne"].phone, last_name="Dubois", **home, **shared)
    for name in ("alice", "lucie", "nadia"):
        scene.people[name] = volunteer(name.capitalize(), next(_phones), last_name="Morel").person
    scene.people["claire"] = somebody("Claire", next(_phones), last_name="Dubois")
    scene.people["zoe"] = somebody("Zoé", next(_phones), email="zoe@exemple.example")
    scene.people["max"] = somebody("Max", next(_phones), **shared)
    scene.people["rene"] = somebody("René", next(_phones), **shared)
    scene.people["simone"] = somebody("Simone", next(_phones), deceased_on=timezone.localdate())
    known = {
        "resident": ("jeanne",),
        "volunteer": ("alice",),
        "couple": ("odette", "max", "rene"),
        "newcomer": ("zoe",),
        "daughter": ("claire",),
    }
    for role, names in known.items():
        account = Account.objects.create_account(email=f"{role}.de.la.scene@exemple.example")
        Person.objects.filter(pk__in=[scene.people[name].pk for name in names]).update(account=account)
        if role == "couple":
            leave_account(scene.people["rene"])
            account.refresh_from_db()
            scene.sessions["one_of_couple"] = session_of(sign_in(scene.host, account))
        scene.sessions[role] = session_of(sign_in(scene.host, account))
    for role, group in (("agent", AGENTS), ("administrator", ADMINISTRATORS), ("newly_staff", AGENTS)):
        account = Account.objects.create_account(email=f"{role}.de.la.scene@exemple.example", first_name="Farida")
        account.groups.add(Group.objects.get(name=group))
        scene.accounts[role] = account
        scene.sessions[role] = session_of(sign_in(scene.host, account))
        write_note(scene.people["jeanne"], text="Sonner deux fois, elle entend mal.", by_account=account)
    _second_steps(scene)


def _second_steps(scene: Scene) -> None:
    """Who only wrote the code of an e-mail, with an application and without; who has codes of rescue to note."""
    agent, newcomer = scene.accounts["agent"], scene.accounts["newly_staff"]
    secret = give_application(agent)
    for role, account in (("half_signed_in", agent), ("newly_staff", newcomer)):
        client = sign_in(scene.host, account)
        forget_it(client)
        scene.sessions[role] = session_of(client)
    client = sign_in(scene.host, agent)
    forget_it(client)
    assert client.post("/securite/verification/", {"code": digits(secret)}).status_code == 302
    assert client.post("/securite/codes-de-secours/", {"action": "renew"}).status_code == 302
    scene.sessions["rescued"] = session_of(client)


def _relations(scene: Scene) -> None:
    """Claire may act for Jeanne, who lives with Odette and offers the same to Zoé; René has nobody."""
    her, claire = scene.people["jeanne"], scene.people["claire"]
    agent = Account.objects.get(email="agent.de.la.scene@exemple.example")
    relations.note_relative(her, claire, kind=Kinship.DAUGHTER, by_account=agent)
    relations.live_together(her, scene.people["odette"])
    given = {"principal": her, "scope": list(Scope)}
    past = relations.grant(representative=scene.people["lucie"], consent=GivenBy.ON_SCREEN, **given)
    relations.revoke(past, by_person=her)
    scene.mandates["claire"] = relations.grant(
        representative=claire, consent=GivenBy.BY_PHONE, by_account=agent, circumstances="A rappelé le soir.", **given
    )
    relations.note_deed(Deed.ASKED, mandate=scene.mandates["claire"], subject=scene.requests["agreed"].uid)
    relations.invite(first_name="Zoé", email="newcomer.de.la.scene@exemple.example", **given)
    scene.requests["agreed"].asked_by = AskedBy.RELATIVE
    scene.requests["agreed"].asked_by_person = claire
    scene.requests["agreed"].save()


def _requests(scene: Scene) -> None:
    """A request in each state, and what each outcome of a proposal is for its volunteer."""
    asker = scene.people["jeanne"]
    alice, lucie, nadia = (scene.people[name].volunteer for name in ("alice", "lucie", "nadia"))

    def proposed(name: str) -> HelpRequest:
        scene.requests[name] = open_request(asker)
        ask_volunteers(scene.requests[name].pk)
        return scene.requests[name]

    def agreed(name: str) -> HelpRequest:
        accept(_proposal(proposed(name), alice))
        return scene.requests[name]

    def past(name: str) -> HelpRequest:
        let_the_hour_pass(agreed(name))
        return scene.requests[name]

    scene.people["gustave"] = somebody("Gustave", "+33199004999")
    scene.requests["to_check"] = request_of(scene.people["gustave"])
    asking.have_number_called(scene.requests["to_check"])
    proposed("open")
    decline(_proposal(scene.requests["open"], lucie))
    agreed("agreed")
    past("to_close")
    asking.finish(past("done"), minutes=75, words="Nous avons bien ri.")
    asking.thank(asking.finish(past("thanked"), minutes=60), words="Merci du fond du cœur.")
    tell_not_held(_proposal(past("not_held"), alice), words="Personne n’a ouvert.")
    asking.give_up(proposed("unmet"), words="Personne n’était libre.")
    asking.cancel(proposed("cancelled"), words="Ma fille est passée.")
    let_the_hour_pass(proposed("expired"))
    Volunteer.objects.filter(pk=nadia.pk).update(state=VolunteerState.ON_LEAVE)
    for name, who in (
        ("open", alice), ("agreed", alice), ("to_close", alice), ("thanked", alice), ("not_held", alice),
        ("cancelled", alice), ("expired", alice), ("open", lucie), ("agreed", lucie), ("open", nadia),
    ):  # fmt: skip
        proposal = Proposal.objects.with_page_related_data().get(request=scene.requests[name], volunteer=who)
        scene.proposals[proposal.outcome] = proposal
    for request in scene.requests.values():
        request.refresh_from_db()


def _proposal(request: HelpRequest, who: Volunteer) -> Proposal:
    return Proposal.objects.get(request=request, volunteer=who)


def _followups(scene: Scene) -> None:
    """One of each kind to do, and one that is done."""
    about = ("help_request", scene.requests["open"].pk)
    for kind in FollowUpKind:
        scene.followups[kind.value] = ask(
            kind=kind, person=scene.people["jeanne"], subject=about, words="Bonjour, c’est la mairie. Lucie viendra."
        )
    done = ask(kind=FollowUpKind.TO_CALL, person=scene.people["odette"], words="Dites-lui que c’est demain.")
    agent = Account.objects.get(email="agent.de.la.scene@exemple.example")
    scene.followups["done"] = finish(done, by_account=agent, outcome="Elle est prévenue.")


def _rights(scene: Scene) -> None:
    """One demand of each kind on what is known of somebody, one that something stands in the way of, one forgotten."""
    agent = Account.objects.get(email="agent.de.la.scene@exemple.example")
    for name in ("irma", "lea", "solange", "berthe"):
        scene.people[name] = somebody(name.capitalize(), next(_phones), last_name="Petit")
    asked = {
        "correct": ("jeanne", RightKind.CORRECT),
        "object": ("irma", RightKind.OBJECT),
        "forget": ("lea", RightKind.FORGET),
        "blocked": ("jeanne", RightKind.FORGET),
        "forgotten": ("solange", RightKind.FORGET),
    }
    for name, (who, kind) in asked.items():
        scene.rights[name] = rights.ask(person=scene.people[who], kind=kind, via=Via.PHONE, words="Je m’appelle Irma.")
    consents.give(scene.people["jeanne"], kind=ConsentKind.ASK, how=Agreed.ON_SCREEN)
    rights.finish(scene.rights["object"], by_account=agent)
    rights.forget(scene.rights["forgotten"], by_account=agent, was_told=True)
    del scene.people["solange"]
    for name, who in (("silent", "irma"), ("staying", "berthe")):
        told = {"told_at": timezone.now(), "goes_on": timezone.localdate() + leaving.NOTICE}
        scene.leaving[name] = Leaving.objects.create(person=scene.people[who], **told)
    leaving.stay(scene.leaving["staying"])


def _lists(scene: Scene) -> None:
    """A list of people at each step: what is new, what is known, what is to be corrected."""
    administrator = Account.objects.get(email="administrator.de.la.scene@exemple.example")
    known = scene.people["jeanne"].phone
    text = f"Prénom;Nom;Téléphone;\r\nRosalie;Blanc;;x\r\nOdette;Dubois;{known}\r\nMax;Roy;12\r\n"
    for state in ImportState:
        made = send_list(text, by_account=administrator, is_checked=state != ImportState.MAPPING)
        if state == ImportState.ABANDONED:
            importing.forget_import(made.pk)
        elif state == ImportState.DONE:
            importing.confirm_import(made, creates_known=False)
            importing.write_rows(made.pk)
        elif state != ImportState.MAPPING:
            PeopleImport.objects.filter(pk=made.pk).update(state=state)
        else:
            PeopleImport.objects.filter(pk=made.pk).update(columns={})
        scene.lists[state.value] = made


def _support(scene: Scene) -> None:
    """Palier's support: one that came in, one that may, one that was ended."""
    operator = an_operator("operatrice.de.la.scene@palier.example")
    for name in ("running", "waiting", "ended"):
        scene.accesses[name] = an_access(operator, acts=name == "running", minutes=240)
    end(scene.accesses["ended"])
    scene.support_token = new_link(scene.accesses["waiting"])
    # Every page is looked at in turn: that takes longer than the five minutes of a link.
    SupportAccess.objects.filter(pk=scene.accesses["waiting"].pk).update(link_ends_at=F("ends_at"))


def _pages() -> None:
    """A page with every section there is, and enough news for two pages, some with a picture."""
    home = HomePage.objects.get()
    picture = _picture()
    page = home.add_child(instance=ContentPage(title="Toutes les sections", slug=EVERY_SECTION, introduction="Tout."))
    page.body = SectionBlocks(picture.pk, page.pk).all()
    page.save()
    index = NewsIndexPage.objects.get()
    for number in range(NEWS_A_PAGE + 1):
        shown = {"image": picture, "image_alt": "Un dessin"} if number % 2 else {}
        text = "<h2>Rendez-vous</h2><p>Devant <b>la mairie</b>, à 14 heures.</p><ul><li>Venez.</li></ul>"
        index.add_child(instance=NewsPage(title=f"Nouvelle {number}", introduction="Un goûter.", text=text, **shown))


def _picture() -> Image:
    drawn = io.BytesIO()
    Drawing.new("RGB", (640, 480), "#7a9e7e").save(drawn, "PNG")
    image = get_image_model()(title="Un dessin", description="Un dessin")
    image.file.save("dessin.png", ImageFile(drawn, name="dessin.png"), save=False)
    image.save()
    return image


@dataclass(frozen=True)
class SectionBlocks:
    """A sample of each section."""

    picture: int
    page: int

    def all(self) -> list[dict[str, object]]:
        """In the order of the editor's own list, none forgotten."""
        question = {"question": "Est-ce gratuit ?", "answer": "Oui, toujours."}
        link = {"label": "Un site", "url": "https://exemple.example/", "text": "Tout."}
        step = {"title": "Vous demandez", "text": "Ici, ou par téléphone."}
        samples = {
            "telephone": {"title": "Par téléphone", "text": "Nous prenons le temps."},
            "steps": {"title": "Comment faire", "steps": [step] * 3},
            "kinds": {"title": "Nos aides", "text": "Un coup de main."},
            "figures": {"title": "Nos chiffres"},
            "news": {"title": "Nos nouvelles"},
            "call": {"title": "Venez", "text": "Venez.", "page": self.page, "label": "Venir"},
            "join": {"title": "Et vous ?", "text": "Cinq minutes.", "label": "Proposer mon aide"},
            "contact": {"title": "Nous joindre"},
            "text": "<h2>Un titre</h2><p>Un <a href=\"/\">lien</a> et <i>un mot</i>.</p><ol><li>Un</li></ol>",
            "picture": {
                "image": {"image": self.picture, "decorative": False, "alt_text": "Un dessin"}, "caption": "Légende",
            },
            "quote": {"text": "Quelle belle après-midi !", "author": "Jeanne"},
            "links": {"title": "Ailleurs", "links": [link]},
            "questions": {"title": "Vos questions", "questions": [question, question]},
        }  # fmt: skip
        names = [name for name, _ in SECTIONS]
        assert set(names) == set(samples), "write a sample of the new section"
        stream = ContentPage._meta.get_field("body").stream_block
        return stream.to_python([{"type": name, "value": samples[name]} for name in names])


def _half_way(scene: Scene) -> None:
    """Sessions of who has answered one question, two, three; and of who has asked for a code to sign in."""
    with town_context(scene.town):
        what = {"kind": visits().slug}
        where = {"day_choice": "tomorrow", "moment": "any", "address": "12 rue des Lilas"}
        if CoveredCommune.objects.count() > 1:
            where["commune"] = CoveredCommune.objects.first().pk
    who = {"first_name": "Rose", "phone": next(_phones)}
    steps = (("/demander/", what), ("/demander/quand/", where), ("/demander/vous/", who))
    for number, name in enumerate(("asking_when", "asking_you", "asked"), 1):
        client = Client(headers={"host": scene.host})
        for path, typed in steps[:number]:
            answer = client.post(path, typed)
            assert answer.status_code == 302, answer.content.decode()
        scene.sessions[name] = session_of(client)
    client = Client(headers={"host": scene.host})
    client.cookies[settings.SESSION_COOKIE_NAME] = scene.sessions["one_of_couple"]
    assert client.post("/mon-espace/qui/", {"personne": str(scene.people["max"].uid)}).status_code == 302
    for number, name in enumerate(("acting", "acting_when", "acting_you")):
        with town_context(scene.town):
            client = sign_in(scene.host, Account.objects.get(email="daughter.de.la.scene@exemple.example"))
        posts = (("/mon-espace/en-mon-nom/agir/", {"mandat": scene.mandates["claire"].uid}), *steps)
        for path, typed in posts[: number + 1]:
            answer = client.post(path, typed)
            assert answer.status_code == 302, answer.content.decode()
        scene.sessions[name] = session_of(client)
    with town_context(scene.town):
        link = a_link(scene.accesses["running"])
    client = Client(headers={"host": scene.host})
    assert client.post(link).status_code == 302
    scene.sessions["support"] = session_of(client)
    client = Client(headers={"host": scene.host})
    with caught():
        client.post("/connexion/", {"login": "personne@exemple.example"})
    scene.sessions["signing_in"] = session_of(client)
