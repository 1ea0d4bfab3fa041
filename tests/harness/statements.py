"""What a statement costs before it reads a row: told from its words, so that no machine changes it."""

import re


def joins_of(sql: str) -> int:
    """How many tables PostgreSQL puts in order to answer it, besides the first: those that it joins by itself. What is
    asked between brackets is put in order apart."""
    bare = ""
    while bare != sql:
        bare, sql = sql, re.sub(r"\([^()]*\)", "", sql)
    return len(re.findall(r" JOIN ", bare))
