"""Telephone numbers: typed in many ways, kept in one."""

import re

import phonenumbers
from django.core.exceptions import ValidationError
from phonenumbers import PhoneNumberType

HOME_COUNTRY = "FR"
# Mobile numbers that the regulator keeps for fiction (ARCEP, decision 2018-0881): the library knows no such range.
FICTION_MOBILE = re.compile(r"\+3363998\d{4}")
# What nearly all of a town's mobiles begin with: told from a number at once, which the library is too slow for where
# two thousand volunteers are written to.
FRENCH_MOBILE = re.compile(r"\+33[67]\d{8}")


def normalise_phone(typed: str) -> str:
    """E.164 of what somebody typed: « 03 44 72 00 00 », « +33 3 44… » and « 0033… » give +33344….

    A number without a country is French. Raises ValidationError, in French, for what no telephone can dial.
    """
    refusal = ValidationError("Écrivez un numéro à dix chiffres, par exemple 03 44 72 00 00.", "phone")
    try:
        number = phonenumbers.parse(re.sub(r"[\u00a0\u202f]", " ", typed), HOME_COUNTRY)
    except phonenumbers.NumberParseException as error:
        raise refusal from error
    kept = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if number.extension or not (phonenumbers.is_valid_number(number) or FICTION_MOBILE.fullmatch(kept)):
        raise refusal
    return kept


def receives_sms(number: str) -> bool:
    """Whether a number in E.164 is a mobile's, as far as its range tells."""
    if FRENCH_MOBILE.fullmatch(number):
        return True
    kind = phonenumbers.number_type(phonenumbers.parse(number))
    return kind in {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
