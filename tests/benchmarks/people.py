"""How long the desk waits for somebody's name among twenty thousand people, and to import ten thousand more."""

import io
import random
import statistics
import time
from collections.abc import Callable

from tenants.context import facing, town_context
from tenants.registry import TownEntry, registry

FIRST_NAMES = """
Jeanne Marie Monique Françoise Catherine Nathalie Isabelle Jacqueline Anne Sylvie Martine Madeleine Nicole Hélène
Christine Marguerite Denise Suzanne Yvonne Brigitte Simone Thérèse Renée Odette Geneviève Paulette Germaine Michel Jean
Pierre Philippe Alain Bernard André Jacques Daniel Henri Roger Robert Marcel Raymond Gérard Christian René Georges Louis
Claude Guy Maurice Marthe Élise Ahmed Fatima Mohamed Khadija Stanislas Édith Noëlle Théophile
"""
COMMON = "Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Lefebvre Michel Garcia Dupont"
SYLLABLES = """
ba bert bou bre cha char che cour dan del deau du fer gar gau ger lan lau le lin mar mer mon nard neau pel per quet rand
rault ri rol ron roux sa sel son teau ti ton tran val vel ver vil zac
"""
PEOPLE = 20_000
IMPORTED = 10_000


def populate(count: int = PEOPLE) -> None:
    """Invent people of the town that the connection is in, with names as common and as rare as in France."""
    from django.db import connection

    from aid.people.models import Person

    chance = random.Random(1)
    first_names, common, syllables = FIRST_NAMES.split(), COMMON.split(), SYLLABLES.split()

    def surname() -> str:
        if chance.random() < 0.15:
            return chance.choice(common)
        return "".join(chance.choices(syllables, k=chance.choice([2, 2, 3]))).capitalize()

    Person.objects.bulk_create(
        [
            Person(
                first_name=chance.choice(first_names),
                last_name=surname(),
                phone=f"+3361{chance.randrange(10**7):07}",
                birth_year=chance.randint(1930, 1960),
            )
            for _ in range(count)
        ],
        batch_size=2000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE people_person")


def searches() -> list[str]:
    """What an agent types: whole, begun, by ear, with a slip, by number, and what nobody is called."""
    return [
        "Jeanne Martin", "jea mar", "Jane Dupond", "filip lefevre", "Marthe", "Martni", "d", "ma", "06 10 01 23",
        "06 10", "Bernrad Duran", "Xzqwk", "Marie Lefebvre", "catrine", "jean",
    ]  # fmt: skip


def measure(*, host: str, runs: int, report: Callable[[str], None]) -> dict[str, float]:
    """Milliseconds of a search among twenty thousand people: each the median of its runs. Commits in `host`'s town."""
    from aid.people.services import search_people

    town, _ = registry.find(host)
    report(f"Recherche parmi {PEOPLE} personnes…")
    with town_context(town):
        populate()
    times: dict[str, float] = {}
    for typed in searches():
        seconds = []
        for _ in range(runs):
            with town_context(town):
                started = time.perf_counter()
                search_people(typed)
                seconds.append(time.perf_counter() - started)
        times[typed] = statistics.median(seconds) * 1000
        report(f"  « {typed} » : {times[typed]:.1f} ms")
    return {
        "people_search_ms": statistics.median(times.values()),
        "people_search_slowest_ms": max(times.values()),
        "people_import_s": import_people(town, report=report),
    }


def import_people(town: TownEntry, *, report: Callable[[str], None]) -> float:
    """Seconds to import ten thousand people among those: sent, checked, written down. Commits."""
    from aid.people.enums import RowState
    from aid.people.importing import services

    report(f"Import de {IMPORTED} personnes…")
    chance = random.Random(2)
    first_names, syllables = FIRST_NAMES.split(), SYLLABLES.split()
    lines = ["Prénom;Nom;Téléphone;E-mail;Année de naissance"]
    for number in range(IMPORTED):
        surname = "".join(chance.choices(syllables, k=4)).capitalize()
        lines.append(
            f"{chance.choice(first_names)};{surname};07 81 {number // 100:02} "
            f"{number % 100:02} 42;p{number}@exemple.example;{chance.randint(1930, 1960)}"
        )
    file = io.BytesIO("\r\n".join(lines).encode())
    started = time.perf_counter()
    with town_context(town):
        made = services.start_import(file=file, by_account=None)
        services.check_import(made, columns=made.columns)
    with facing(town):
        services.check_rows(made.pk)
        with town_context(town):
            services.confirm_import(made, creates_known=False)
        services.write_rows(made.pk)
    seconds = time.perf_counter() - started
    with town_context(town):
        created = services.counts(made)[RowState.CREATED]
    if created < IMPORTED * 0.9:
        raise RuntimeError(f"{created} people were imported: that is not what is measured")
    report(f"  {created} personnes : {seconds:.1f} s")
    return seconds
