"""Members meet: ask, answer, withdraw, block, report. The only writer of Introduction, Block and Report."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core import limits
from members import tasks
from members.models import Block, Introduction, Profile, Report, User

A_DAY = 5
DAY = 86400
State = Introduction.State


class CannotMeet(Exception):
    """They do not stand in each other's directory."""


class AlreadyAsked(Exception):
    """One of the two asked before."""


def ask(asker: User, profile: Profile, words: str) -> Introduction:
    """Ask to meet; who is asked by that very person says yes by it. Raises CannotMeet, AlreadyAsked, limits.TooMany (five a day)."""
    limits.spend("introduction", [f"user:{asker.pk}"], limit=A_DAY, seconds=DAY)
    with transaction.atomic():
        _lock(asker.pk, profile.user_id)
        if not Profile.objects.listed_for(asker).filter(pk=profile.pk).exists():
            raise CannotMeet
        low, high = sorted((asker.pk, profile.user_id))
        known = Introduction.objects.filter(low=low, high=high, state__in=Introduction.LASTING).first()
        if known is None:
            # A refusal lasts: could only who was not refused ask again, taking it back would tell.
            if Introduction.objects.filter(asker=asker, asked=profile.user_id, state=State.WITHDRAWN).exists():
                raise AlreadyAsked
            row = Introduction.objects.create(asker=asker, asked_id=profile.user_id, words=words)
            tasks.tell_introduction.enqueue("asked", row.pk)
            return row
        if not answer(known, by=asker, is_yes=True):
            raise AlreadyAsked
        known.refresh_from_db()
        return known


def _lock(*people: int) -> None:
    """One story at a time between these people; in key order, until the transaction ends."""
    list(User.objects.filter(pk__in=people).order_by("pk").select_for_update().values_list("pk", flat=True))


@transaction.atomic
def answer(row: Introduction, *, by: User, is_yes: bool) -> bool:
    """The one who was asked says yes or no; a yes tells both, a no tells nobody. False: it was answered, or not theirs."""
    fresh = Introduction.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if fresh.asked_id != by.pk or fresh.state != State.ASKED:
        return False
    fresh.state, fresh.answered_at = State.ACCEPTED if is_yes else State.REFUSED, timezone.now()
    fresh.save(update_fields=["state", "answered_at"])
    if is_yes:
        tasks.tell_introduction.enqueue("accepted", fresh.pk)
    return True


@transaction.atomic
def withdraw(row: Introduction, *, by: User) -> bool:
    """The asker takes it back, and it goes from their page. One that was refused goes too, and stays refused."""
    fresh = Introduction.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if fresh.asker_id != by.pk or fresh.state not in {State.ASKED, State.REFUSED}:
        return False
    fresh.is_taken_back = True
    if fresh.state == State.ASKED:
        fresh.state = State.WITHDRAWN
    fresh.save(update_fields=["state", "is_taken_back"])
    return True


@transaction.atomic
def block(by: User, who: User) -> None:
    """Neither sees the other any more, not even who said yes before; what waits between them is refused. Neither is told."""
    _lock(by.pk, who.pk)
    Block.objects.get_or_create(by=by, who=who)
    pair = Q(asker=by, asked=who) | Q(asker=who, asked=by)
    Introduction.objects.filter(pair, state=State.ASKED).update(state=State.REFUSED, answered_at=timezone.now())


@transaction.atomic
def report(row: Introduction, *, by: User) -> bool:
    """Put the message on the owner's desk, and block who wrote it. False: it is not theirs to report."""
    if by.pk != row.asked_id:
        return False
    Report.objects.get_or_create(introduction=row, by=by)
    block(by, row.asker)
    return True


def handled(row: Report) -> None:
    """The owner has looked at it."""
    Report.objects.filter(pk=row.pk, handled_at=None).update(handled_at=timezone.now())
