"""A question that is written once is asked of whatever stands for what it is about."""

import threading

import pytest
from django.db import ProgrammingError, connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from aid.people.models import Person
from core.written import Asked, Question, Rows, one_of
from harness.desk import make_person, make_volunteer

pytestmark = pytest.mark.django_db


def test_it_answers_of_each_by_one_statement_and_is_written_once(town):
    jeanne, marcel = make_person("Jeanne"), make_person("Marcel")
    question = Question.of(Person.objects.filter(pk=Asked(), first_name__startswith="J").values_list("first_name"))
    with CaptureQueriesContext(connection) as log:
        found = [question.first(one) for one in (jeanne.pk, marcel.pk, None)]
    assert found == [("Jeanne",), None, None]
    assert len(log) == 3


def test_what_it_is_asked_about_is_never_read_as_sql(town):
    question = Question.of(Person.objects.filter(first_name=Asked()).values_list("pk"))
    for typed in ("' OR true --", "%s", "Jeanne'; DROP TABLE people_person"):
        assert question.first(typed) is None


def test_it_answers_of_several_at_once_in_its_order(town):
    jeanne, marcel, _ = (make_person(name) for name in ("Jeanne", "Marcel", "Zoé"))
    question = Question.of(Person.objects.filter(one_of("pk")).order_by("-first_name").values_list("first_name"))
    with CaptureQueriesContext(connection) as log:
        assert question.all([jeanne.pk, marcel.pk]) == [("Marcel",), ("Jeanne",)]
        assert question.all([]) == []
    assert len(log) == 2


def test_rows_come_as_django_reads_them_with_what_is_joined_and_annotated(town):
    alice, _ = make_volunteer("Alice"), make_volunteer("Bruno", phone="+33639981235")
    known = Person.objects.select_related("volunteer", "district").annotate(is_a=Q(first_name="Alice"))
    written = Rows.of(known.filter(phone=Asked("phone"), first_name__startswith=Asked("beginning")))
    with CaptureQueriesContext(connection) as log:
        (found,) = written.ask(phone=alice.person.phone, beginning="A")
        assert (found, found.volunteer, found.district, found.is_a) == (alice.person, alice, None, True)
        assert written.ask(phone=alice.person.phone, beginning="B") == []
    assert len(log) == 2
    assert vars(found).keys() == vars(known.get(pk=found.pk)).keys()


def test_rows_are_asked_about_by_their_numbers(town):
    people = [make_person(name) for name in ("Jeanne", "Marcel", "Paulette")]
    written = Rows.of(
        Person.objects.filter(one_of("pk", "numbers")).order_by("pk").values_list("first_name", flat=True)
    )
    assert written.ask(numbers=[people[0].pk, people[2].pk]) == ["Jeanne", "Paulette"]
    assert written.ask(numbers=[]) == []


def test_rows_that_nothing_can_fit_are_asked_of_nobody(town):
    with CaptureQueriesContext(connection) as log:
        assert Rows.of(Person.objects.filter(pk=Asked("one")).none()).ask(one=1) == []
    assert not log


def test_rows_are_read_by_the_connection_of_whoever_asks(town):
    """Another thread has another one, which is in no town: it is refused, and reads nothing by ours."""
    jeanne, refused = make_person("Jeanne"), []
    written = Rows.of(Person.objects.filter(pk=Asked("one")))

    def elsewhere() -> None:
        try:
            written.ask(one=jeanne.pk)
        except ProgrammingError as error:
            refused.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert refused
    assert written.ask(one=jeanne.pk) == [jeanne]
