"""What imports of people do out of anybody's way. Each goes on where it stopped, and may run twice."""

from procrastinate import RetryStrategy

from aid.people.importing import services
from aid.people.models import PeopleImport
from tenants.jobs import town_job

AFTER_A_FAULT = RetryStrategy(max_attempts=3, wait=20)


@town_job(name="people.check_rows", in_steps=True, retry=AFTER_A_FAULT)
def check_rows(*, people_import: int) -> None:
    """Check the rows of a list."""
    services.check_rows(people_import)


@town_job(name="people.write_rows", in_steps=True, retry=AFTER_A_FAULT)
def write_rows(*, people_import: int) -> None:
    """Write down the people of a list."""
    services.write_rows(people_import)


@town_job(name="people.forget_import", retry=AFTER_A_FAULT)
def forget_import(*, people_import: int) -> None:
    """Delete what is left of the files of a list, a week after it was sent."""
    if PeopleImport.objects.filter(pk=people_import).exists():
        services.forget_import(people_import)
