"""What axe finds in Wagtail's own screens, which are not ours to mend: (rule, part of the selector).

It may only shrink: `test_wagtail_screens.py` fails on a finding that is not here, and on a line that nothing needs.
"""

KNOWN = {
    # The button that opens the machine's files is labelled by the box around it.
    ("label", "#fileupload"),
    # The field of tags, redrawn by its script.
    ("label", ".ui-autocomplete-input"),
}
