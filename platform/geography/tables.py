"""What every town may read in the public schema, and nothing else: the grants are written from this list."""

REFERENCE_TABLES = [
    "geography_region",
    "geography_department",
    "geography_intercommunality",
    "geography_commune",
    "geography_formercommune",
]
