"""What is forgotten at night: sessions that ended, in every town and on the platform."""

from django.db import connections
from procrastinate.contrib.django import app

from accounts.sessions import forget_ended
from tenants.context import platform_context, town_context
from tenants.jobs import town_job
from tenants.models import Town


@town_job(name="accounts.forget_ended_sessions")
def forget_ended_sessions() -> None:
    """Those of a town."""
    forget_ended()


@app.periodic(cron="41 3 * * *")
@app.task(name="accounts.forget_ended_sessions_everywhere", queueing_lock="accounts.forget_ended_sessions_everywhere")
def forget_ended_sessions_everywhere(timestamp: int) -> None:
    """Those of the platform; and ask each town for its own."""
    try:
        with platform_context():
            forget_ended()
            towns = list(Town.objects.with_schema())
        for town in towns:
            with town_context(town):
                forget_ended_sessions.defer(queueing_lock="accounts.forget_ended_sessions")
    finally:
        connections.close_all()
