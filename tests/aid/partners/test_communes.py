"""Where a partner works: some communes of the territory, or all of it."""

import pytest

from aid.desk.forms.partners import PartnerForm
from aid.partners.forms import WhereForm
from aid.partners.keeping import write_partner
from aid.territory.models import CoveredCommune
from geography.models import Commune
from harness.partners import a_partner

pytestmark = pytest.mark.django_db


def test_a_partner_of_some_communes_flags_there_and_of_none_everywhere(town):
    here = CoveredCommune.objects.get()
    there = CoveredCommune.objects.create(commune=Commune.objects.exclude(code=here.commune_id)[0])
    partner = a_partner()
    assert set(WhereForm(partner=partner).fields["commune"].queryset) == {here, there}
    written = write_partner(partner, communes=[there])
    assert list(WhereForm(partner=written).fields["commune"].queryset) == [there]
    assert PartnerForm(partner=written).initial["communes"] == [there]
    there.delete()
    assert list(WhereForm(partner=written).fields["commune"].queryset) == [here], "none of theirs is left: everywhere"
