"""Files of data that people take away."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils import timezone


def json_answer(data: dict[str, Any], *, name: str) -> HttpResponse:
    """Data to save as a file, dated; readable by eye, and never shown by the browser."""
    answer = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate():%Y-%m-%d}.json"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
