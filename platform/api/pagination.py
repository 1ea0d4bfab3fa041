"""Pages of the API: by cursor, so that rows that come meanwhile move nothing."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

NO_SUCH_PAGE = "Cette page n’existe pas. Repartez de la première."


class Pages(CursorPagination):
    """Fifty rows, in the order that the endpoint says. A cursor that is not ours is a page that does not exist."""

    page_size = 50
    cursor_query_param = "curseur"
    cursor_query_description = "La page, telle que « next » ou « previous » la donne."
    invalid_cursor_message = NO_SUCH_PAGE

    def get_ordering(self, request: Request, queryset: QuerySet, view: Any) -> tuple[str, ...]:
        """The endpoint's."""
        return view.ordering

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Raises NotFound for one that is not ours."""
        cursor = super().decode_cursor(request)
        if cursor is not None and cursor.position is not None and "\x00" in cursor.position:
            raise NotFound(NO_SUCH_PAGE)
        return cursor

    def paginate_queryset(self, queryset: QuerySet, request: Request, view: Any = None) -> list[Any]:
        """The rows. Raises NotFound for a position that no row can have."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, ValidationError) as error:
            raise NotFound(NO_SUCH_PAGE) from error
