"""The demonstration: five towns, one for each blueprint, peopled with people who do not exist."""
