"""What may be done at the desk, and by which roles. Whom it may be done to is in `access`."""

from accounts import abilities
from accounts.abilities import may_do, may_in_confidence, may_read
from accounts.roles import Role

# Who administers a town has its agents' role too (accounts.roles).
AGENT, ADMINISTRATOR = Role.AGENT, Role.ADMINISTRATOR
# A coordinator does the same for the people of some sectors.
EVERYBODY_HERE = (Role.AGENT, Role.COORDINATOR)

ABILITIES = (
    may_read("open_desk", *EVERYBODY_HERE),
    may_do("enter_requests", *EVERYBODY_HERE),
    may_do("follow_requests", *EVERYBODY_HERE),
    may_do("close_followups", *EVERYBODY_HERE),
    may_do("change_people", *EVERYBODY_HERE),
    may_do("admit_volunteers", *EVERYBODY_HERE),
    may_do("make_cards", *EVERYBODY_HERE),
    may_do("thank_volunteers", *EVERYBODY_HERE),
    # It goes to all of them, wherever they live.
    may_do("write_yearly_letter", AGENT),
    may_do("moderate", *EVERYBODY_HERE),
    may_do("follow_volunteers", *EVERYBODY_HERE),
    # Papers of volunteers: whoever meets them, and nobody from outside.
    may_in_confidence("read_proofs", *EVERYBODY_HERE),
    # It tells of other people, wherever they live: who shares an account, and all that was ever written.
    may_do("manage_doors", AGENT),
    may_do("manage_relations", AGENT),
    may_do("note_deaths", AGENT),
    # What is said of somebody by others is between the town's own people.
    may_in_confidence("follow_flags", *EVERYBODY_HERE),
    may_in_confidence("follow_worries", *EVERYBODY_HERE),
    may_in_confidence("tell_what_is_known", AGENT),
    may_in_confidence("keep_notes", AGENT),
    may_in_confidence("keep_words", AGENT),
    # To forget somebody takes away what other people's rows say of them, wherever they live.
    may_in_confidence("follow_rights", AGENT),
    # Whom visitors are led to, and who is paid: the town answers for both.
    may_read("see_directory", AGENT),
    may_do("check_professionals", AGENT),
    may_do("name_referents", ADMINISTRATOR),
    may_read("manage_site", ADMINISTRATOR),
    may_in_confidence("export_people", ADMINISTRATOR),
    may_do("import_people", ADMINISTRATOR),
    may_do("merge_people", ADMINISTRATOR),
    may_read("read_accesses", ADMINISTRATOR),
    may_do("set_retention", ADMINISTRATOR),
    may_read("read_register", ADMINISTRATOR),
    may_do("bind_coordinators", ADMINISTRATOR),
    may_do("manage_partners", ADMINISTRATOR),
    may_do("set_worry_duty", ADMINISTRATOR),
    may_read("see_support", ADMINISTRATOR),
    # Ending takes away, and gives nobody anything: support that only looks may end itself.
    may_read("end_support", ADMINISTRATOR),
)


def register() -> None:
    """Called when the app is ready."""
    abilities.register(ABILITIES)
