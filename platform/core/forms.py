"""Fields that every room's forms share."""

from typing import Any

from django import forms


class LongText(forms.CharField):
    """Several lines, without the browser's own limit: it would cut what is pasted without a word."""

    widget = forms.Textarea

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Everything but `maxlength`."""
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}
