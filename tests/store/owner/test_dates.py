"""The owner types a date as her language writes it."""

from django import forms
from django.utils import translation

from store.owner.dates import DateInput, DateTimeInput


class Form(forms.Form):
    day = forms.DateField(widget=DateInput)
    moment = forms.DateTimeField(widget=DateTimeInput)


def test_french_dates_are_written_and_read_as_in_france() -> None:
    typed = {"day": "10/01/2027", "moment": "10/01/2027 14:00"}
    with translation.override("fr"):
        form = Form(typed)
        shown = Form(initial=form.cleaned_data if form.is_valid() else {}).as_p()
    assert form.cleaned_data["day"].isoformat() == "2027-01-10"
    assert form.cleaned_data["moment"].strftime("%Y-%m-%d %H:%M") == "2027-01-10 14:00"
    assert 'value="10/01/2027"' in shown
    assert 'value="10/01/2027 14:00"' in shown
    assert "d/m/Y H:i" in shown


def test_elsewhere_they_stay_as_wagtail_writes_them() -> None:
    with translation.override("en"):
        form = Form({"day": "2027-01-10", "moment": "2027-01-10 14:00"})
        assert form.is_valid()
        shown = Form(initial=form.cleaned_data).as_p()
    assert 'value="2027-01-10 14:00"' in shown
