"""What is published is read under the town's rules; what anybody reports waits for somebody."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from aid.configuration.models import Rules
from aid.followups.models import FollowUp
from aid.moderation import queue, sketches
from aid.moderation.checks import check_text
from aid.moderation.enums import Deed, Effect, Family, Outcome, Reason, ReportReason
from aid.moderation.models import Act, Case, CheckRule, RecentText, Report
from aid.moderation.services import NotThereError, TooManyError, masked, report, withdraw
from harness.desk import a_colleague
from harness.loop import somebody
from tenants.context import facing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
PLUMBER = "Plomberie, devis gratuit, 45 € de l’heure, 06 39 98 00 02."
KIND_WORDS = "J’aime cuisiner et marcher le matin. Je viens volontiers boire un café avec vous."


def families(text: str) -> set[Family]:
    return set(check_text(text).families)


def test_a_commercial_sentence_waits_and_its_contacts_are_masked(board, author):
    text, verdict = board.put(author, PLUMBER)
    assert verdict.is_held
    assert not text.is_shown
    assert "06 39" not in masked(PLUMBER)
    assert "numéro masqué\u00a0: passez par la mairie" in masked(PLUMBER)
    assert verdict.words.startswith("Votre texte est enregistré.")
    case = Case.objects.get()
    assert (case.families, case.is_held, case.author) == (["commerce"], True, author)
    assert {"devis", "45 €"} <= set(case.found)
    assert [one.deed for one in Act.objects.all()] == [Deed.HELD]


def test_what_is_kind_is_shown_at_once(board, author):
    text, verdict = board.put(author, KIND_WORDS)
    assert (verdict.is_held, verdict.words, masked(KIND_WORDS)) == (False, "", KIND_WORDS)
    assert text.is_shown
    assert not Case.objects.exists()


def test_a_contact_alone_is_masked_and_nobody_is_bothered(board, author):
    said = "Écrivez-moi : alice arobase exemple point fr"
    text, verdict = board.put(author, said)
    assert (verdict.is_held, text.is_shown, Case.objects.count()) == (False, True, 0)
    assert verdict.words.startswith("Les numéros, adresses et liens sont masqués")
    assert "exemple" not in masked(said)


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("Méfiez-vous des arnaqueurs", Family.SCAM),
        ("Les ARNAQUES sont partout", Family.SCAM),
        ("une 4rn@que", Family.SCAM),
        ("une a r n a q u e", Family.SCAM),
        ("arnaaaaque", Family.SCAM),
        ("аrnаque, en lettres d’ailleurs", Family.SCAM),
        ("Envoyez par western-union", Family.SCAM),
        ("Donnez-moi votre mot de passe", Family.SCAM),
        ("Espèces de connards", Family.INSULT),
        ("c.o.n.n.a.r.d", Family.INSULT),
        ("Connasses !", Family.INSULT),
        ("Il m’a légué sa maison", Family.LEGACY),
        ("Faites-moi une PROCURATION", Family.LEGACY),
        ("Des legs et des héritages", Family.LEGACY),
        ("J’ai eu un cancer", Family.HEALTH),
        ("mes tarifs sont doux", Family.COMMERCE),
        ("Auto-entrepreneur, je jardine", Family.COMMERCE),
        ("autoentrepreneur", Family.COMMERCE),
        ("12,50€ seulement", Family.COMMERCE),
        ("SIRET 732 829 320 00074", Family.COMMERCE),
        ("RCS Compiègne 732829320", Family.COMMERCE),
    ],
)
def test_words_are_known_by_their_stems_however_disguised(text, family):
    assert family in families(text)


@pytest.mark.parametrize(
    "text",
    [
        KIND_WORDS,
        "Je peux aller à la pharmacie, lire une facture et remplir les papiers.",
        "J’aide volontiers au jardin, deux heures par semaine, et je conduis.",
        "Le 12 mars, 14 voisins sont venus. Numéro 12345678901234.",
        "Un pique-nique entre voisins, un livre pour une amie malvoyante ou non-voyante.",
        "Je descends les ordures, j’épands le fumier au jardin, même crevée le soir.",
        "Retrouver un mot de passe, lire un relevé de prestations, un RIB : je sais faire. Bénévole, non rémunéré.",
        "À l’heure que vous voulez, au tour de l’heure ; je ne m’attarde pas.",
        "Je vous propose de petits légumes, une salopette à coudre, un chien à promener.",
        "Je connais les bus du coin, et on me connait.",
        "Ancien boulanger, je fais encore le pain. Je prête ma remorque.",
        "",
        "🙂🙂🙂",
    ],
)
def test_what_volunteers_say_every_day_is_left_alone(text):
    assert families(text) == set()


def test_health_is_shown_and_read_all_the_same(board, author):
    text, verdict = board.put(author, "J’accompagne ma mère, qui a la maladie d’Alzheimer.")
    assert (verdict.is_held, text.is_shown) == (False, True)
    assert Case.objects.get().is_held is False


def test_the_town_chooses_what_a_rule_does(board, author):
    CheckRule.objects.filter(family=Family.COMMERCE).update(effect=Effect.REFUSE)
    with pytest.raises(ValidationError, match="ne peuvent pas être publiés ici"):
        board.put(author, PLUMBER)
    assert not Case.objects.exists()
    rule = CheckRule.objects.get(family=Family.COMMERCE)
    rule.effect, rule.words = Effect.NOTHING, "  \n tupperware \n"
    rule.full_clean()
    rule.save()
    assert rule.words == "tupperware"
    _, verdict = board.put(author, PLUMBER)
    assert not verdict.is_held
    rule.effect = Effect.HOLD
    rule.save()
    assert check_text("Une réunion Tupperwares").families == [Family.COMMERCE]
    with pytest.raises(ValidationError, match="n’a pas de mots"):
        CheckRule(family=Family.REPEATED, words="bonjour").full_clean(exclude=["family"])


def test_an_author_who_takes_it_out_is_shown_at_once(board, author):
    text, _ = board.put(author, PLUMBER)
    assert not board.change(text, KIND_WORDS).is_held
    assert text.is_shown
    assert Case.objects.get().outcome == Outcome.SETTLED
    assert not FollowUp.objects.open().exists()


def test_what_an_agent_left_is_not_asked_again_but_a_change_is(board, author):
    text, _ = board.put(author, PLUMBER)
    case, agent = Case.objects.get(), a_colleague()
    queue.decide(case, outcome=Outcome.KEPT, reason=Reason.FINE, revision=1, by_account=agent)
    assert text.is_shown
    assert not board.change(text, PLUMBER).is_held
    assert board.change(text, PLUMBER + " Demandez mes tarifs.").is_held


def test_what_an_agent_removed_is_read_again_before_it_comes_back(board, author):
    text, _ = board.put(author, PLUMBER)
    case, agent = Case.objects.get(), a_colleague()
    queue.decide(case, outcome=Outcome.REMOVED, reason=Reason.COMMERCE, revision=1, by_account=agent)
    verdict = board.change(text, KIND_WORDS)
    assert verdict.is_held
    assert not text.is_shown
    again = Case.objects.open().get()
    assert again.families == [Family.RETURNING]
    queue.decide(again, outcome=Outcome.KEPT, reason=Reason.FINE, revision=1, by_account=agent)
    assert text.is_shown
    assert not board.change(text, KIND_WORDS).is_held


def test_a_text_that_is_emptied_waits_no_more(board, author):
    text, _ = board.put(author, PLUMBER)
    assert not board.change(text, "  ").is_held
    assert not Case.objects.open().exists()


def test_the_fifth_text_that_is_nearly_the_same_waits(board, author):
    advert = "Bonjour, je propose de belles choses pour la maison et le jardin, passez me voir chez moi numéro {}"
    authors = [author, *(somebody(f"Voisin{number}") for number in range(4))]
    verdicts = [board.put(one, advert.format(number))[1] for number, one in enumerate(authors)]
    assert [one.is_held for one in verdicts] == [False] * 4 + [True]
    assert Case.objects.get().families == [Family.REPEATED]
    assert RecentText.objects.count() == 5
    # Nobody reads a text in its sketch, and it does not stay.
    RecentText.objects.update(at=timezone.now() - datetime.timedelta(days=8))
    assert not board.put(author, advert.format(9))[1].is_held
    assert RecentText.objects.count() == 1


def test_one_who_writes_the_same_text_again_and_again_in_one_place_repeats_nothing(board, author):
    text, _ = board.put(author, KIND_WORDS)
    assert not any(board.change(text, KIND_WORDS + " !" * number).is_held for number in range(6))


def test_likeness_is_that_of_texts():
    one, near, far = (sketches.sketch(text) for text in (KIND_WORDS, KIND_WORDS + " Merci", PLUMBER))
    assert sketches.likeness(one, one) == 1
    assert sketches.likeness(one, near) > sketches.ALIKE > sketches.likeness(one, far)
    assert sketches.sketch("Bonjour") == []
    assert sketches.alike([], [[]]) == 0
    long = "".join(chr(97 + number * number % 26) + chr(97 + number // 7 % 26) for number in range(20_000))
    assert len(sketches.sketch(long)) <= 128


def test_reports_of_one_text_are_one_case(board, author):
    text, _ = board.put(author, KIND_WORDS)
    neighbour = somebody("Lucie")
    for reporter in (None, neighbour, None, neighbour):
        report(subject=text.subject, reason=ReportReason.INSULT, words="C’est <b>blessant</b>", reporter=reporter)
    case = Case.objects.get()
    assert case.reports.count() == 3, "twice by the same person is once"
    assert (case.is_held, case.gravity) == (False, 2)
    assert text.is_shown, "a report alone hides nobody"
    assert not FollowUp.objects.due(timezone.now()).exists()


def test_danger_is_told_at_once_and_what_waits_too_long_is_told_too(board, author):
    text, _ = board.put(author, KIND_WORDS)
    report(subject=text.subject, reason=ReportReason.OTHER)
    (late,) = FollowUp.objects.open()
    assert late.due_at - late.created_at > datetime.timedelta(hours=23)
    report(subject=text.subject, reason=ReportReason.DANGER)
    (danger,) = FollowUp.objects.open().due(timezone.now())
    assert "en danger" in danger.words
    case = Case.objects.get()
    queue.decide(case, outcome=Outcome.KEPT, reason=Reason.FINE, revision=1, by_account=a_colleague())
    assert not FollowUp.objects.open().exists()
    Rules.objects.update(hours_before_reading=2)
    report(subject=text.subject, reason=ReportReason.OTHER)
    assert FollowUp.objects.open().due(timezone.now() + datetime.timedelta(hours=2)).count() == 1


def test_a_report_that_is_too_long_or_of_nothing_is_refused(board, author):
    text, _ = board.put(author, KIND_WORDS)
    with pytest.raises(ValidationError) as told:
        report(subject=text.subject, reason=ReportReason.OTHER, words="x" * 10_000)
    assert told.value.message_dict == {"words": ["Écrivez 1000 caractères au plus."]}
    for subject in (("petit-mot", 999_999), ("rien", text.number)):
        with pytest.raises(NotThereError):
            report(subject=subject, reason=ReportReason.OTHER)
    assert not Report.objects.exists()


def test_reports_from_one_place_are_counted(board, author):
    text, _ = board.put(author, KIND_WORDS)
    for _ in range(10):
        report(subject=text.subject, reason=ReportReason.OTHER, address="192.0.2.1")
    with pytest.raises(TooManyError, match="plusieurs signalements"):
        report(subject=text.subject, reason=ReportReason.OTHER, address="192.0.2.1")
    report(subject=text.subject, reason=ReportReason.OTHER, address="192.0.2.2")


def test_a_reported_text_that_is_taken_back_is_read_no_more(board, author):
    text, _ = board.put(author, KIND_WORDS)
    report(subject=text.subject, reason=ReportReason.OTHER)
    withdraw(subject=text.subject)
    withdraw(subject=text.subject)
    assert not Case.objects.open().exists()
    assert not RecentText.objects.exists()


def test_an_unknown_kind_of_text_is_a_mistake_of_ours(author):
    from aid.moderation.services import submit

    with pytest.raises(KeyError):
        submit(subject=("rien", 1), author=author, text="Bonjour")


def test_another_town_reads_its_own_rules_and_texts(board, author, other_town):
    board.put(author, PLUMBER)
    with facing(other_town):
        assert not Case.objects.exists()
        assert CheckRule.objects.count() == len(Family) - 1
        CheckRule.objects.update(effect=Effect.NOTHING)
        assert families(PLUMBER) == set()
    assert families(PLUMBER) == {Family.COMMERCE}


def test_what_a_kind_text_costs_does_not_grow(board, author):
    with CaptureQueriesContext(
        connection,
    ) as few:
        board.put(author, KIND_WORDS)
    for number in range(30):
        RecentText.objects.create(
            subject_kind="autre", subject_id=number, author=author, sketch=[number], at=timezone.now()
        )
    with CaptureQueriesContext(connection) as many:
        board.put(author, KIND_WORDS * 40)
    assert len(few) == len(many) <= 16, [one["sql"] for one in many]
