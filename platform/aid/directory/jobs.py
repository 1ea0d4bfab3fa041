"""What the directory does later, and each night."""

from aid.directory import professionals, services, welcoming
from aid.people.models import Person
from tenants.jobs import town_job
from tenants.rounds import nightly


@town_job(name="directory.welcome_newcomer")
def welcome_newcomer(*, person: int) -> None:
    """Entrust a newcomer to a referent. Twice is once."""
    newcomer = Person.objects.living().filter(pk=person).first()
    if newcomer is not None:
        welcoming.welcome(newcomer)


@nightly
@town_job(name="directory.tidy_up")
def tidy_up() -> None:
    """Close the referents whose last day has passed; ask that professionals checked a year ago be checked again."""
    services.end_those_over()
    professionals.ask_to_check_again()
