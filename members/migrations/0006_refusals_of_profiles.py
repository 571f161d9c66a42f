"""Who did not want mails of introductions still does not."""

from typing import Any

from django.db import migrations
from django.utils.crypto import salted_hmac

INTRODUCTIONS = "introductions"


def digest(email: str) -> str:
    return salted_hmac("members.erasure", email.strip().lower(), algorithm="sha256").hexdigest()


def refuse(apps: Any, _schema: Any) -> None:
    profiles = apps.get_model("members", "Profile").objects.filter(wants_mail=False).select_related("user")
    for profile in profiles:
        mark = digest(profile.user.email)
        apps.get_model("members", "Refusal").objects.get_or_create(digest=mark, kind=INTRODUCTIONS)


def want(apps: Any, _schema: Any) -> None:
    marks = set(apps.get_model("members", "Refusal").objects.filter(kind=INTRODUCTIONS).values_list("digest", flat=True))
    for profile in apps.get_model("members", "Profile").objects.select_related("user"):
        profile.wants_mail = digest(profile.user.email) not in marks
        profile.save(update_fields=["wants_mail"])


class Migration(migrations.Migration):
    dependencies = [("members", "0006_refusal")]

    operations = [migrations.RunPython(refuse, want)]
