"""Every template parses, holds no inline script or style, and belongs to somebody."""

import re
from functools import partial

import pytest
from django import forms
from django.template import engines
from django.template.loader import render_to_string

from tests.house.test_layout import FOLDERS
from tests.rig.processes import ROOT

FILES = sorted(
    file.relative_to(ROOT)
    for folder in FOLDERS
    for file in (ROOT / folder).rglob("templates/**/*")
    if file.suffix in {".html", ".txt", ".xml"} and not file.is_relative_to(ROOT / "site" / "sandbox")
)
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\bsrc=)(?![^>]*type=\"application/)", re.IGNORECASE)


@pytest.mark.parametrize("file", FILES, ids=str)
def test_a_template_parses(file) -> None:
    assert engines["django"].from_string((ROOT / file).read_text()) is not None


def test_no_template_holds_inline_script_or_style() -> None:
    """The policy of public pages would block it. Mails have no policy, and need inline styles."""
    wrong = {
        str(file): INLINE.findall((ROOT / file).read_text())
        for file in FILES
        if "emails" not in file.parts and file.suffix == ".html"
    }

    assert {name: found for name, found in wrong.items() if found} == {}


def test_every_mail_has_subject_and_text() -> None:
    """Where a mail has no HTML of its own, core.mail puts its text into the common frame."""
    stems = {str(file).removesuffix(".subject.txt") for file in FILES if file.name.endswith(".subject.txt")}
    texts = {str(file).removesuffix(".txt") for file in FILES if "emails" in file.parts and file.suffix == ".txt"}

    assert stems
    assert stems - texts == set()


@pytest.mark.parametrize("widget", [forms.TextInput, forms.Select, forms.RadioSelect, forms.CheckboxInput])
def test_every_field_is_tied_to_its_hint_and_error(widget) -> None:
    """A set of choices by its fieldset, the others by themselves (WCAG 2.2, 3.3.1)."""
    choices = partial(forms.ChoiceField, choices=[("one", "One")])
    fields = {forms.Select: choices, forms.RadioSelect: choices, forms.CheckboxInput: forms.BooleanField}
    field = fields.get(widget, forms.CharField)
    form = type("Asked", (forms.Form,), {"what": field(widget=widget, help_text="So.")})({})

    html = render_to_string("components/field.html", {"field": form["what"]})

    tied = re.findall(r'<(\w+)[^>]*aria-describedby="([^"]*)"', html)
    names = {forms.Select: "select", forms.RadioSelect: "fieldset"}
    assert tied == [(names.get(widget, "input"), "id_what_helptext id_what_error")]
    assert all(f'id="{name}"' in html for name in tied[0][1].split())
    assert 'aria-invalid="true"' in html
