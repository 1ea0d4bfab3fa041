"""What is typed in several lines is never cut by a browser: who wrote too much is told, and corrects it."""

import importlib
import inspect
from pathlib import Path

from django import forms
from django.conf import settings

ROOT = Path(settings.ROOT)


def our_forms() -> list[type[forms.BaseForm]]:
    """Every form of the domain and of billing, as its module is named for."""
    files = [
        *ROOT.glob("platform/aid/**/*forms.py"),
        *ROOT.glob("platform/aid/**/forms/*.py"),
        ROOT / "billing/forms.py",
    ]
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts).removeprefix("platform.") for path in files]
    modules = [importlib.import_module(name) for name in names]
    return [
        each
        for module in modules
        for _, each in inspect.getmembers(module, inspect.isclass)
        if issubclass(each, forms.BaseForm) and each.__module__ == module.__name__
    ]


def test_no_browser_cuts_what_is_pasted_in_several_lines():
    asked = [
        (f"{form.__module__}.{form.__name__}.{name}", field.widget)
        for form in our_forms()
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field.widget, forms.Textarea)
    ]
    assert len(asked) > 20
    assert [name for name, widget in asked if "maxlength" in widget.attrs] == []
