"""Accounts of support are nobody's: the back-office neither lists nor changes them."""

from django.db.models import Q

from accounts import back_office

back_office.hide(Q(support_access__isnull=False))
