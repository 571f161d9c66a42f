"""allauth's forms as our pages show them: a label above the field is enough, and rules fit in one line."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from members import portraits
from members.models import Profile, User
from members.models.profile import FIELDS

LINKS = 3


class Plain:
    """No placeholder that repeats the label, no inline style (our policy forbids it), a short rule for passwords."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs.pop("style", None)
            if name == "password1":
                field.help_text = _("At least ten characters, not figures alone, none of the common ones.")
            elif name in {"email", "login"}:
                field.label = _("E-mail")


class LoginForm(Plain, account.LoginForm):
    """Sign in."""

    def clean(self) -> dict[str, Any]:
        """Whoever may not try more passwords is told what still opens."""
        try:
            return super().clean()
        except forms.ValidationError as error:
            if error.code != "too_many_login_attempts":
                raise
            words = _(
                "Too many wrong passwords: for five minutes even the right one is refused. "
                "A code by mail still lets you in: use the button below."
            )
            raise forms.ValidationError(words, code=error.code) from error


class SignupForm(Plain, account.SignupForm):
    """Make an account."""

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Where no account is made, a password is hashed for nothing: the time must not tell which addresses are known."""
        user, response = super().try_save(request)
        if user is None:
            User().set_password(self.cleaned_data["password1"])
        return user, response


class AddEmailForm(Plain, account.AddEmailForm):
    """Change one's address."""


class ChangePasswordForm(Plain, account.ChangePasswordForm):
    """Change one's password."""


class SetPasswordForm(Plain, account.SetPasswordForm):
    """Choose a first password."""


class ResetPasswordForm(Plain, account.ResetPasswordForm):
    """Ask for a new password."""


class ResetPasswordKeyForm(Plain, account.ResetPasswordKeyForm):
    """Choose a new password."""


class ReauthenticateForm(Plain, account.ReauthenticateForm):
    """Prove once more who it is, by password."""


class RequestLoginCodeForm(Plain, account.RequestLoginCodeForm):
    """Ask for a code."""


class ConfirmLoginCodeForm(Plain, account.ConfirmLoginCodeForm):
    """Type the code to sign in."""


class ConfirmEmailVerificationCodeForm(Plain, account.ConfirmEmailVerificationCodeForm):
    """Type the code that proves an address."""


class AuthenticateForm(Plain, mfa.AuthenticateForm):
    """Type the code of the second factor."""


class ReauthenticateByCodeForm(Plain, mfa.ReauthenticateForm):
    """Prove once more who it is, by the second factor."""


class ActivateTOTPForm(Plain, totp.ActivateTOTPForm):
    """Type the first code of the app."""


class GiftForm(forms.Form):
    """What the recap asks of a membership that is paid once: whom it is for, if not the buyer."""

    gift_email = forms.EmailField(label=_("A gift? The e-mail of whom it is for"), required=False, max_length=254)
    gift_name = forms.CharField(label=_("Their name"), required=False, max_length=120)

    def __init__(self, *args: Any, sellable: Any, quantity: int, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class LeaveForm(forms.Form):
    """What D215-1 asks for and no more: who, which contract, where the confirmation goes."""

    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    contract = forms.CharField(
        label=_("Card or order number"), max_length=60, help_text=_("It stands on your card and in the mail of welcome."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    email = forms.EmailField(
        label=_("E-mail for the confirmation"), max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )  # fmt: skip


class ProfileForm(forms.ModelForm[Profile]):
    """What other members may see, field by field."""

    picture = forms.ImageField(label=_("Portrait"), required=False)
    shown = forms.MultipleChoiceField(
        label=_("Show"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[("words", _("my words")), ("town", _("my town")), ("trade", _("my trade")), ("links", _("my links")), ("portrait", _("my portrait"))],
    )  # fmt: skip

    class Meta:
        model = Profile
        fields = ("name", "words", "town", "trade", "links", "shown", "is_listed", "is_named")

    field_order = ("name", "words", "town", "trade", "links", "picture", "shown", "is_listed", "is_named")

    def clean_links(self) -> str:
        """Three addresses of the web at most."""
        rows = str(self.cleaned_data["links"]).split()
        if len(rows) > LINKS or any(not row.startswith("https://") for row in rows):
            raise forms.ValidationError(_("At most three addresses, each beginning with https://."))
        return "\n".join(row[:200] for row in rows)

    def clean_shown(self) -> list[str]:
        return [name for name in self.cleaned_data["shown"] if name in FIELDS]

    def save(self, commit: bool = True) -> Profile:
        """The picture is drawn anew: what a camera hid in it does not travel."""
        if self.cleaned_data.get("picture"):
            self.instance.portrait = portraits.small(self.cleaned_data["picture"])
            self.instance.has_portrait = True
        return super().save(commit)


class AskForm(forms.Form):
    """A few words to somebody one would like to meet."""

    words = forms.CharField(label=_("A few words"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
