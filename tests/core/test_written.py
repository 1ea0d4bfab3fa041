"""A question that is written once is asked of whatever stands for what it is about."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aid.people.models import Person
from core.written import Asked, Question, is_among_asked
from harness.desk import make_person

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
    question = Question.of(
        Person.objects.filter(is_among_asked("pk")).order_by("-first_name").values_list("first_name")
    )
    with CaptureQueriesContext(connection) as log:
        assert question.all([jeanne.pk, marcel.pk]) == [("Marcel",), ("Jeanne",)]
        assert question.all([]) == []
    assert len(log) == 2
