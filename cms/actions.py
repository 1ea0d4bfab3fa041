"""What a visitor comes to do."""

from django.urls import reverse

from aid.configuration.services import identity
from themes.brand import format_telephone


def main_actions() -> list[dict[str, str]]:
    """The buttons of a home page: ask on the site, in the town's words, then call, where the town gave a number."""
    ours = identity()
    actions = [{"label": ours.ask_label, "url": reverse("help_requests:what")}]
    if ours.telephone:
        # An ordinary space: on a small screen the number goes whole to its own line.
        label = f"Appeler le {format_telephone(ours.telephone)}"
        actions.append({"label": label, "url": f"tel:{ours.telephone}"})
    return actions
