"""Codes that confirm a number: who may use them, how long, how often."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from accounts import codes
from accounts.models import Code
from tenants.context import town_context

NUMBER = "+33639980001"


@pytest.fixture
def sent(town, letters, django_capture_on_commit_callbacks):
    def send(phone: str = NUMBER, purpose: str = "request") -> str:
        with django_capture_on_commit_callbacks(execute=True):
            codes.send_code(phone=phone, purpose=purpose)
        return letters.left[-1].code

    return send


def check(typed: str, phone: str = NUMBER, purpose: str = "request") -> bool:
    return codes.check_code(phone=phone, purpose=purpose, typed=typed)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_an_address_gets_a_code_as_a_number_does(town, letters, django_capture_on_commit_callbacks):
    address, purpose = "anne@clic.example", "partner:1"
    with django_capture_on_commit_callbacks(execute=True):
        codes.send_code(email=address, purpose=purpose)
    (letter,) = letters.left
    assert (letter.channel, letter.recipient, letter.subject) == ("email", address, "Votre code")
    assert letter.code not in letter.subject
    assert not codes.check_code(email="bob@clic.example", purpose=purpose, typed=letter.code)
    assert not codes.check_code(email=address, purpose="partner:2", typed=letter.code)
    assert codes.check_code(email=address, purpose=purpose, typed=letter.code)


def test_the_right_code_works_once_however_it_is_spaced(sent, letters):
    code = sent()
    assert letters.left[0].recipient == NUMBER
    assert letters.left[0].channel == "sms"
    assert check(f" {code[:3]}-{code[3:]} ")
    assert not check(code)


def test_it_is_of_one_number_and_one_purpose(sent):
    code = sent()
    assert not check(code, phone="+33639980002")
    assert not check(code, purpose="other")
    assert check(code)


def test_five_tries(sent):
    code = sent()
    assert not any(check(wrong(code)) for _ in range(5))
    assert not check(code)
    assert check(sent())


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "١٢٣٤٥٦", "😀", "\x00", "1" * 10_000])
def test_anything_else_is_refused_quietly(sent, typed):
    sent()
    assert check(typed) is False


def test_fifteen_minutes(sent, monkeypatch):
    code, now = sent(), timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(minutes=16))
    assert not check(code)
    again = sent()
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(minutes=30))
    assert check(again)


def test_the_last_code_sent_is_the_one(sent):
    first, second = sent(), sent()
    if first != second:
        assert not check(first)
    assert check(second)
    assert Code.objects.count() == 0


def test_neither_number_nor_code_is_kept(sent):
    code = sent()
    kept = Code.objects.get()
    assert NUMBER not in (kept.phone + kept.code)
    assert code not in kept.code or len(kept.code) == 64


def test_a_code_is_of_one_town(sent, other_town):
    code = sent()
    with town_context(other_town):
        assert not check(code)


def test_old_codes_go_as_others_come(sent, monkeypatch):
    sent(phone="+33639980009")
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(hours=1))
    sent()
    assert Code.objects.count() == 1


def test_what_is_pretended_is_written_and_undone(town, letters, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        codes.pretend(channel="sms", recipient=NUMBER, subject="", body="000000")
        assert not transaction.get_rollback()
    assert (letters.written, letters.left) == (1, [])


def test_without_a_sender_it_is_said(town, monkeypatch):
    monkeypatch.setattr(codes, "_senders", {})
    with pytest.raises(codes.SenderMissingError):
        codes.send_code(phone=NUMBER, purpose="request")
