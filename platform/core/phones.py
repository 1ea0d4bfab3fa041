"""Telephone numbers: typed in many ways, kept in one."""

import re

import phonenumbers
from django.core.exceptions import ValidationError
from phonenumbers import PhoneNumberType

from core.text import tidy

HOME_COUNTRY, HOME_CODE = "FR", 33
# Ten digits that are written as in metropolitan France, and are of another country for the world's telephones (ARCEP,
# plan national de numérotation): Réunion, Mayotte, Guadeloupe, Guyane, Martinique.
OVERSEAS = {
    "0262": "RE", "0263": "RE", "0692": "RE", "0693": "RE", "0269": "YT", "0639": "YT", "0590": "GP", "0690": "GP",
    "0691": "GP", "0594": "GF", "0694": "GF", "0596": "MQ", "0696": "MQ", "0697": "MQ",
}  # fmt: skip
# France and its overseas: an SMS to another country costs dear, and premium numbers there are a known fraud.
COUNTRIES_WITH_CODES = {33, 262, 508, 590, 594, 596, 681, 687, 689}
# Mobile numbers that the regulator keeps for fiction (ARCEP, decision 2018-0881): the library knows no such range.
FICTION_MOBILE = re.compile(r"\+3363998\d{4}")
# What nearly all of a town's numbers begin with, told at once: the library is too slow for that where two
# thousand volunteers are written to.
FRENCH_MOBILE = re.compile(r"\+33[67]\d{8}")
FRENCH_LANDLINE = re.compile(r"\+33[1-59]\d{8}")


def normalise_phone(typed: str) -> str:
    """E.164 of what somebody typed: « 03 44 72 00 00 », « +33 3 44… » and « 0033… » give +33344….

    A number without a country is French, overseas included: « 0692… » is +262692…. Raises ValidationError, in French,
    for what no telephone can dial.
    """
    refusal = ValidationError("Écrivez un numéro à dix chiffres, par exemple 03 44 72 00 00.", "phone")
    try:
        number = phonenumbers.parse(tidy(typed), HOME_COUNTRY)
    except phonenumbers.NumberParseException as error:
        raise refusal from error
    kept = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if not number.extension and (overseas := _overseas(kept)):
        return overseas
    if number.extension or not (phonenumbers.is_valid_number(number) or FICTION_MOBILE.fullmatch(kept)):
        raise refusal
    return kept


def beginnings(digits: str) -> list[str]:
    """How numbers in E.164 begin that a French person begins to write so: « 0692 » is +33692, or +262692."""
    near = {place for prefix, place in OVERSEAS.items() if prefix.startswith(digits) or digits.startswith(prefix)}
    codes = sorted({HOME_CODE} | {phonenumbers.country_code_for_region(place) for place in near})
    return [f"+{code}{digits[1:]}" for code in codes]


def _overseas(kept: str) -> str:
    """A number of metropolitan France as far as its writing tells, as it is dialled overseas; "" for any other."""
    national = f"0{kept.removeprefix('+33')}"
    place = OVERSEAS.get(national[:4])
    if place is None or FICTION_MOBILE.fullmatch(kept) or not kept.startswith("+33"):
        return ""
    number = phonenumbers.parse(national, place)
    if not phonenumbers.is_valid_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def gets_code(number: str) -> bool:
    """Whether a number in E.164 is confirmed by the code of an SMS; else somebody calls it."""
    return receives_sms(number) and phonenumbers.parse(number).country_code in COUNTRIES_WITH_CODES


def receives_sms(number: str) -> bool:
    """Whether a number in E.164 is a mobile's, as far as its range tells."""
    if FRENCH_MOBILE.fullmatch(number):
        return True
    if FRENCH_LANDLINE.fullmatch(number):
        return False
    kind = phonenumbers.number_type(phonenumbers.parse(number))
    return kind in {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
