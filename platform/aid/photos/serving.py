"""A photo as an answer. Whoever calls has asked first who may see it: no photo has an address of its own."""

from django.http import Http404, HttpResponse

from aid.photos.models import Photo


def photo_answer(photo: Photo | None) -> HttpResponse:
    """The picture, that no browser nor proxy keeps. Raises Http404 where there is none, or its file is gone."""
    if photo is None:
        raise Http404
    try:
        with photo.file.open() as file:
            content = file.read()
    except FileNotFoundError:
        raise Http404 from None
    answer = HttpResponse(content, content_type="image/jpeg")
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Disposition"] = "inline"
    answer["X-Robots-Tag"] = "noindex"
    return answer
