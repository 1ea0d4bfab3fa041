"""The communes whose figures are kept for demonstrations and tests."""

# Pont-Sainte-Maxence, Lormes, Corbigny, Grenoble, Le Quesnoy, Lille: they and their intercommunalities.
DEMO_COMMUNES = {"60509", "58145", "58083", "38185", "59481", "59350"}
DEMO_DEPARTMENTS = {"44"}
