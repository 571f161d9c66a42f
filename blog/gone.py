"""A deleted article leaves a word at its address."""

from typing import Any

from django.db.models.signals import pre_delete
from django.dispatch import receiver

from blog.models import ArticlePage
from store import gone


@receiver(pre_delete, sender=ArticlePage)
def on_delete(instance: ArticlePage, **_kwargs: Any) -> None:
    """Only what readers could see."""
    if instance.live:
        gone.remember(instance)
