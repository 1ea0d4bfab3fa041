"""The schema of the API, in French: what each action does is told by its endpoint, never by a docstring."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from accounts.endpoints import Endpoint
from accounts.scopes import Scope

# Answers that any endpoint may give, beside its own.
ALWAYS = {"400": "Ce qui ne va pas, champ par champ.", "404": "Absent, ou pas pour vous.", "429": "Trop d’appels."}
GUARDED = {"401": "Personne n’est connecté, ou le jeton n’ouvre rien.", "403": "Ce droit manque."}
CHANGING = {"409": "Ce n’est plus possible, et pourquoi.", "415": "Envoyez du JSON.", "503": "Rien n’a été gardé."}
ERROR = {
    "type": "object",
    "description": "Des phrases, par champ ; « detail » pour tout le reste.",
    "additionalProperties": {},
}
# An hour of the town's own clock: OpenAPI's « time » would have an offset.
HOUR = {"pattern": r"^([01][0-9]|2[0-3]):[0-5][0-9]$"}
PERSON, SOFTWARE = "une personne connectée", "un logiciel"


class Told(AutoSchema):
    """What a reader of the schema is told of an action."""

    def get_description(self) -> str:
        """Docstrings are for who reads the code."""
        return ""

    def get_summary(self) -> str | None:
        """The endpoint's own words."""
        return self.view.told[self.view.action]

    def get_extensions(self) -> dict[str, Any]:
        """Who may call it: nobody in particular where it is open."""
        return {"x-who": _who(self.view)}


def _who(view: Any) -> str:
    if view.is_open:
        return ""
    scope = view.scopes.get(view.action)
    who = [PERSON] if view.opens_to_sessions else []
    if view.opens_to_software:
        who.append(SOFTWARE)
    if scope is not None:
        who.append(f"{SOFTWARE} avec « {Scope(scope).value} »")
    return ", ".join(who)


class BearerScheme(OpenApiAuthenticationExtension):
    """How an application says who it is."""

    target_class = "api.authentication.BearerAuthentication"
    name = "application"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """A token that an administrator made."""
        return {"type": "http", "scheme": "bearer"}


class SessionScheme(OpenApiAuthenticationExtension):
    """How a page of the site does."""

    target_class = "api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """The cookie of a session; what changes something comes with a CSRF token too."""
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}


def only_endpoints(endpoints: list[tuple[str, str, str, Any]]) -> list[tuple[str, str, str, Any]]:
    """Leave Wagtail's own views out: they serve its screens. Called by the generator, first."""
    return [one for one in endpoints if issubclass(one[3].cls, Endpoint)]


def tell_errors(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Add the errors to each operation, write hours as people do, drop docstrings. Called by the generator, last."""
    schemas = result["components"]["schemas"]
    for component in schemas.values():
        if component.get("type") == "object":
            component.pop("description", None)
        for hour in component.get("properties", {}).values():
            if hour.get("format") == "time":
                del hour["format"]
                hour.update(HOUR)
    schemas["Error"] = ERROR
    told = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    result["components"]["responses"] = {
        f"E{code}": {"description": why, "content": told} for code, why in (ALWAYS | GUARDED | CHANGING).items()
    }
    for methods in result["paths"].values():
        for method, operation in methods.items():
            who = operation["x-who"]
            ways = {"session": PERSON in who, "application": SOFTWARE in who}
            operation["security"] = [{name: []} for name, is_open in ways.items() if is_open] or [{}]
            codes = ALWAYS | (GUARDED if who else {}) | (CHANGING if method != "get" else {})
            operation["responses"] |= {code: {"$ref": f"#/components/responses/E{code}"} for code in codes}
    return result
