"""What is done later: each task fetches by id and calls one verb. All may run twice."""

from django.tasks import task

from store.tasks import or_later


@task
def mail(seat_id: int, kind: str) -> None:
    """Send a guest one mail of that kind about a seat, once."""
    from events import letters  # noqa: PLC0415 - verbs enqueue tasks, tasks call verbs

    or_later(mail, letters.to_guest, seat_id, kind)


@task
def booking_mail(booking_id: int, kind: str) -> None:
    """Tell a customer that their appointment moved or is cancelled, once."""
    from events import letters_coaching  # noqa: PLC0415

    or_later(booking_mail, letters_coaching.to_customer, booking_id, kind)


@task
def wait_mail(entry_id: int, kind: str) -> None:
    """Send who waits one mail of that kind, once."""
    from events import letters  # noqa: PLC0415

    or_later(wait_mail, letters.to_waiting, entry_id, kind)


@task
def lapse(entry_id: int) -> None:
    """An offered place was not taken: the next one's turn."""
    from events import waiting  # noqa: PLC0415

    waiting.lapse(entry_id)


@task
def call_off(event_id: int, order_id: int, by_id: int | None) -> None:
    """Give back the seats of one order of a cancelled event."""
    from events import hosting  # noqa: PLC0415

    hosting.call_off_order(event_id, order_id, by_id=by_id)


@task
def send_back(line_id: int) -> None:
    """A change of date was paid and cannot be done any more."""
    from events import changing  # noqa: PLC0415

    changing.send_back(line_id)


@task
def changes_back(seat_id: int, whole: bool) -> None:
    """What the changes of date of a seat that ended cost."""
    from events import changing  # noqa: PLC0415

    changing.give_back(seat_id, whole=whole)


@task
def read_busy(source_id: int) -> None:
    """Ask one of the owner's other calendars when she is busy."""
    from events import busy  # noqa: PLC0415

    busy.read(source_id)


@task
def by_the_clock() -> None:
    """Reminders, the mail of the day after, offers that were not answered."""
    from events import clock  # noqa: PLC0415

    clock.run()
