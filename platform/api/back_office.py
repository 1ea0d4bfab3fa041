"""Applications in the back-office: let one in, see when it came, end it. None is changed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.cache import add_never_cache_headers
from wagtail.admin.views.generic import CreateView, DeleteView
from wagtail.admin.viewsets.model import ModelViewSet

from api import services
from api.forms import ApplicationForm
from api.models import Application


class NewApplication(CreateView):
    """Its token is in the answer, once: no address, no session and no row has it."""

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form is of no row."""
        kwargs = super().get_form_kwargs()
        kwargs.pop("instance", None)
        return kwargs

    def is_valid(self, form: forms.Form) -> bool:
        """Whether it could be made: what the service refuses is told in the form."""
        if form.is_valid():
            try:
                self.made = services.let_in(**form.cleaned_data, by_account=self.request.user)
            except ValidationError as error:
                form.add_error(None, ValidationError(error.messages))
        return super().is_valid(form)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Show the token."""
        made, token = self.made
        self.form, self.template_name = form, "api/token.html"
        answer = self.render_to_response(self.get_context_data(made=made, token=token))
        add_never_cache_headers(answer)
        return answer


class Revoke(DeleteView):
    """Ending one keeps its row: what it filed was filed by something."""

    template_name = "api/revoke.html"
    page_title = "Arrêter"
    success_message = "Ce logiciel n’entre plus."

    def delete_action(self) -> None:
        """End it."""
        services.revoke(self.object, by_account=self.request.user)


class ApplicationViewSet(ModelViewSet):
    """« Logiciels reliés »."""

    model = Application
    url_prefix = "logiciels"
    icon = "link"
    menu_label = "Logiciels reliés"
    menu_order = 290
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_fields = ["name", "prefix", "may", "contact", "created_at", "ends_at", "last_used_at", "revoked_at"]
    list_display = ["name", "prefix", "state", "ends_at", "last_used_at"]
    add_view_class = NewApplication
    delete_view_class = Revoke

    def get_form_class(self, for_update: bool = False) -> type[forms.Form]:
        """The same: none is changed."""
        return ApplicationForm
