"""What is done of photos out of anybody's way."""

from aid.photos import files
from tenants.jobs import town_job
from tenants.rounds import nightly_everywhere


@nightly_everywhere
@town_job(name="photos.drop_strays", retry=2)
def drop_strays() -> None:
    """Delete the files that no photo names."""
    files.drop_strays()
