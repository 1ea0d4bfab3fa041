"""What each morning writes about cards, in every town."""

from aid.cards import reminding
from tenants.jobs import town_job
from tenants.rounds import each_morning


@each_morning
@town_job(name="cards.remind", in_steps=True, retry=2)
def remind() -> None:
    """Write to volunteers whose card ends soon."""
    reminding.remind()
