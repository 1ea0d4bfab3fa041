"""Seed 002, Grenoble: a map of who helps nearby, by kind of help; one writes to them, or calls whoever agreed to it.

Jeanne looks for somebody to have a coffee with. Here in the first town, with a kind of help of that sort.
"""

import re

import pytest
from bs4 import BeautifulSoup

from accounts.models import Account
from aid.configuration.enums import Mode
from aid.configuration.models import KindOfHelp
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.help_requests.enums import RequestState
from aid.help_requests.models import HelpRequest
from aid.help_requests.texts import ASKED, follow_path
from aid.moderation import queue
from aid.moderation.enums import Outcome, Reason
from aid.moderation.models import Case, Report
from aid.notifications.models import Message
from aid.people.services import confirm_phone
from aid.privacy.models import Access
from aid.proposals.direct import send_messages
from aid.proposals.models import Proposal
from aid.proposals.modes import CHANGE_MODE
from aid.proposals.services import ask_volunteers
from aid.proposals.texts import answer_path, messages_path
from harness.databases import FIRST_TOWN
from harness.desk import make_account
from harness.nearby import LIST, SLUG, WRITE, a_district, a_message, a_neighbour
from harness.requests import MOBILE, code_sent_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
ROSE_PHONE, PAUL_PHONE = "+33639980012", "+33639980013"
COMMERCE = "Plombier, 30 € de l’heure, 06 39 98 00 77."


def text_of(answer):
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ").replace("\u00a0", " ").split())


def sign_in(visit, person):
    person.account = Account.objects.create_account(phone=person.phone)
    person.save()
    client = visit(FIRST_TOWN)
    client.force_login(person.account, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def grenoble():
    """Rose and Paul are shown, in two districts; three more help there, and are only counted."""
    canal, gare = a_district("Le Canal", "49.31000", "2.61000"), a_district("La Gare", "49.28000", "2.60500")
    rose = a_neighbour("Rose", ROSE_PHONE, district=canal)
    paul = a_neighbour("Paul", PAUL_PHONE, district=gare)
    for number in range(2):
        a_neighbour(f"Luc{number}", "", district=canal, is_shown=False)
    return canal, rose, paul


def the_message():
    """What the worker does next, and what was then written to."""
    request = HelpRequest.objects.latest("pk")
    send_messages(request.pk)
    return Proposal.objects.with_page_related_data().filter(request=request).latest("pk")


def test_a_map_and_a_list_a_relayed_message_two_answers(visit, grenoble):
    canal, rose, paul = grenoble
    jeanne = visit(FIRST_TOWN)

    # She chooses a kind of help, and where she lives: how many there are, then who agreed to be shown.
    page = jeanne.get(f"{LIST}?aide={SLUG}&lieu=quartier-{canal.pk}")
    assert "Le Canal : au moins 3 voisins" in text_of(page)
    assert "La Gare : quelques-uns" in text_of(page)
    assert text_of(page).index("Rose M.") < text_of(page).index("Paul M.")
    html = page.content.decode()
    # The map draws what the list says: centres of districts, and nobody.
    assert re.findall(r'data-map-place="([^"]+)"', html) == ["Le Canal", "La Gare"]
    for hidden in (rose.person.phone, "Luc", "Morel"):
        assert hidden not in html, hidden

    # She writes to Rose. Her number is new here: a code confirms it, and nothing leaves before.
    write = WRITE.format(rose.person.profile.uid)
    assert "Écrire à Rose M." in text_of(jeanne.get(write))
    assert jeanne.post(write, a_message(first_name="")).status_code == 422
    assert jeanne.post(write, a_message())["Location"] == "/demander/code/"
    assert jeanne.post(write, a_message())["Location"] == "/demander/code/", "sent twice is once"
    assert HelpRequest.objects.count() == 1
    the_message()
    assert not Message.objects.filter(kind="message").exists()
    jeanne.post("/demander/code/", {"code": code_sent_to(MOBILE)})
    received = the_message()
    sms = Message.objects.get(kind="message", person=rose.person).body
    assert answer_path(received) in sms
    assert "bavarder" not in sms

    # Rose reads the words by the link, without a number; she may report them; she answers in a few words.
    link = answer_path(received)
    hers = visit(FIRST_TOWN)
    question = text_of(hers.get(link))
    assert "Un café, et bavarder une heure ?" in question
    assert "Signaler ce message" in question
    assert "06 39" not in question
    refused = hers.post(link, {"answer": "words", "words": COMMERCE})
    assert refused.status_code == 422
    assert "Plombier" in refused.content.decode(), "what she typed is not lost"
    hers.post(link, {"answer": "words", "words": "Plutôt jeudi ?"})
    messages = messages_path(received.request)
    assert messages in Message.objects.get(kind="answered").body
    assert "Plutôt jeudi ?" in text_of(jeanne.get(messages))

    # Rose cannot, in the end: Jeanne writes the same to Paul, who says yes. Each has the other's number.
    hers.post(link, {"answer": "no"})
    assert "À qui écrire" in text_of(jeanne.get(follow_path(received.request)))
    page = text_of(jeanne.get(messages))
    assert "Ne peut pas cette fois" in page
    assert "Paul M." in page
    assert jeanne.post(messages, {"voisin": rose.person.profile.uid}).status_code == 404, "a no is kept"
    assert jeanne.post(messages, {"voisin": "n-importe"}).status_code == 404
    jeanne.post(messages, {"voisin": paul.person.profile.uid})
    second = the_message()
    his = visit(FIRST_TOWN)
    his.post(answer_path(second), {"answer": "yes", "words": "Avec plaisir."})
    assert HelpRequest.objects.get().state == RequestState.AGREED
    assert "06 39 98 00 01" in text_of(his.get(answer_path(second)))
    assert "06 39 98 00 13" in text_of(jeanne.get(follow_path(second.request)))
    assert jeanne.get(messages).status_code == 302


def test_whom_she_does_not_want_to_choose_the_town_looks_for(visit, grenoble):
    """From the list, to the request that is confirmed; another help chosen before, in another mode, counts no more."""
    jeanne, (first,) = visit(FIRST_TOWN), KindOfHelp.objects.offered().exclude(slug=SLUG)[:1]
    jeanne.post("/demander/", {"kind": first.slug})
    # From step 1, the help that she chooses leads to the neighbours; there she leaves it to the town.
    listed = jeanne.post("/demander/", {"kind": SLUG})["Location"]
    form = BeautifulSoup(jeanne.get(listed).content, "html.parser").select_one("form:has([name=a_la_ville])")
    sent = {one["name"]: one.get("value", "") for one in form.select("[name]:not([name=csrfmiddlewaretoken])")}
    assert jeanne.post(form["action"], sent)["Location"] == "/demander/quand/"
    jeanne.post("/demander/quand/", {"day_choice": "tomorrow", "moment": "any"})
    jeanne.post("/demander/vous/", {"first_name": "Jeanne", "phone": "06 39 98 00 01"})
    jeanne.post("/demander/code/", {"code": code_sent_to(MOBILE)})
    asked = HelpRequest.objects.get()
    assert (asked.kind.slug, asked.mode, asked.state) == (SLUG, Mode.COORDINATOR, RequestState.OPEN)
    assert "votre message" not in Message.objects.get(kind="noted").body
    ask_volunteers(asked.pk)
    assert FollowUp.objects.open().filter(kind=FollowUpKind.TO_PROPOSE, subject_id=asked.pk).exists()
    page = text_of(jeanne.get(follow_path(asked)))
    assert ("Nous cherchons un voisin" in page, "À qui écrire" in page) == (True, False)


def test_from_her_page_she_leaves_it_to_the_team(visit, grenoble):
    _, rose, _ = grenoble
    jeanne = visit(FIRST_TOWN)
    jeanne.post(WRITE.format(rose.person.profile.uid), a_message())
    unproved = follow_path(HelpRequest.objects.get(), ASKED)
    assert jeanne.post(f"{unproved}a-l-equipe/").status_code == 404
    jeanne.post("/demander/code/", {"code": code_sent_to(MOBILE)})
    received = the_message()
    follow = follow_path(received.request)
    leave = BeautifulSoup(jeanne.get(follow).content, "html.parser").select_one("form[action$='/a-l-equipe/']")[
        "action"
    ]
    assert jeanne.get(leave).status_code == 405
    for _ in range(2):
        assert jeanne.post(leave)["Location"] == follow
    asked = HelpRequest.objects.get()
    assert (asked.mode, asked.steps.filter(name=CHANGE_MODE).get().by_person) == (Mode.COORDINATOR, asked.person)
    assert "nous cherchons quelqu'un pour vous" in Message.objects.get(key__startswith="mode:").body
    assert "/a-l-equipe/" not in jeanne.get(follow).content.decode()
    # Asked in another mode, it is no button of hers.
    HelpRequest.objects.update(mode=Mode.FIRST_YES)
    jeanne.post(leave)
    assert HelpRequest.objects.get().mode == Mode.FIRST_YES


def test_until_it_leaves_her_message_is_noted(visit, grenoble):
    """Between the code and the worker: nobody is to be chosen again."""
    _, rose, _ = grenoble
    jeanne = visit(FIRST_TOWN)
    jeanne.post(WRITE.format(rose.person.profile.uid), a_message())
    jeanne.post("/demander/code/", {"code": code_sent_to(MOBILE)})
    follow = follow_path(HelpRequest.objects.get())
    page = text_of(jeanne.get(follow))
    assert "Votre message est noté" in page
    assert "À qui écrire" not in page
    the_message()
    assert "Nous attendons une réponse" in text_of(jeanne.get(follow))


def test_with_their_agreement_only_is_a_number_read(visit, grenoble):
    _, rose, paul = grenoble
    for person in (rose.person, paul.person):
        confirm_phone(person)
    hers, his, nobody = sign_in(visit, rose.person), sign_in(visit, paul.person), visit(FIRST_TOWN)
    page, contact = f"/voisins/{rose.person.profile.uid}/", f"/voisins/{rose.person.profile.uid}/coordonnees/"
    assert his.post(contact).status_code == 404
    hers.post("/mon-espace/me-joindre/", {"phone": "on"})
    assert "Voir ses coordonnées" in text_of(his.get(page))
    assert "06 39 98 00 12" in text_of(his.post(contact))
    assert Access.objects.filter(screen="contact", person=rose.person, by_person=paul.person).count() == 1
    assert nobody.post(contact).status_code == 404
    for html in (nobody.get(page).content.decode(), nobody.get(f"{LIST}?aide={SLUG}").content.decode()):
        assert "39980012" not in html.replace(" ", "").replace("\u00a0", "")
    hers.post("/mon-espace/me-joindre/", {})
    assert his.post(contact).status_code == 404


def test_who_has_signed_in_writes_without_a_code(visit, grenoble):
    _, rose, paul = grenoble
    confirm_phone(paul.person)
    his = sign_in(visit, paul.person)
    write = WRITE.format(rose.person.profile.uid)
    assert "Votre téléphone" not in text_of(his.get(write))
    assert "/suivi/" in his.post(write, a_message())["Location"]
    received = the_message()
    assert received.request.person == paul.person
    assert Message.objects.filter(kind="message", person=rose.person).exists()
    assert not Message.objects.filter(kind="code").exists()
    assert his.get(WRITE.format(paul.person.profile.uid)).status_code == 404, "nobody writes to themselves"


def test_what_is_sold_is_stopped_by_the_queue(visit, grenoble):
    _, rose, paul = grenoble
    confirm_phone(paul.person)
    his, agent = sign_in(visit, paul.person), make_account("nadia@ccas.example", "Agents", first_name="Nadia")
    his.post(WRITE.format(rose.person.profile.uid), a_message(details=COMMERCE))
    held = the_message()
    assert not Message.objects.filter(kind="message").exists()
    assert "Un agent lit votre message" in text_of(his.get(messages_path(held.request)))
    assert "Plombier" not in text_of(visit(FIRST_TOWN).get(answer_path(held)))
    case = Case.objects.open().get()
    desk = visit(FIRST_TOWN)
    desk.force_login(agent)
    assert "Plombier" in text_of(desk.get(f"/bureau/moderation/{case.uid}/"))
    queue.decide(
        case,
        outcome=Outcome.REMOVED,
        reason=Reason.COMMERCE,
        words="Ici, tout est gratuit.",
        revision=case.revision,
        by_account=agent,
    )
    the_message()
    assert not Message.objects.filter(kind="message").exists()
    assert "annonce commerciale" in Message.objects.get(kind="moderation_decided", person=paul.person).body

    # The same page, an honest word: it leaves, without the number that is in it, and Rose may report it.
    his.get(WRITE.format(rose.person.profile.uid))
    his.post(WRITE.format(rose.person.profile.uid), a_message(details="Un café ? Mon numéro : 06 39 98 00 77"))
    received, hers = the_message(), visit(FIRST_TOWN)
    page = hers.get(answer_path(received))
    assert "Un café ?" in text_of(page)
    assert "00 77" not in text_of(page)
    report = BeautifulSoup(page.content, "html.parser").select_one("a.report-link")["href"]
    hers.post(report, {"reason": "other", "words": "Je ne le connais pas."})
    assert Report.objects.get().case.subject_id == received.pk
