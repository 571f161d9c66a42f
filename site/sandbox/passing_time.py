"""What time alone brings: sessions expire, delayed payments and refunds come to an end, subscriptions
renew, fail, are tried again and end. All that fell due since the last look happens in the order of
its time, each at its own moment: a clock moved by a year brings twelve months one by one."""

from collections.abc import Callable

from sandbox import checkout
from sandbox.resources import discounts, disputes, refunds, renewing, sessions, subscriptions
from sandbox.store import Record, db

HAPPENINGS: dict[str, Callable[[Record], object]] = {
    "async_succeed": lambda session: checkout.settle_async(session, succeeded=True),
    "async_fail": lambda session: checkout.settle_async(session, succeeded=False),
    "refund_succeeds": refunds.succeed,
    "refund_fails": refunds.fail,
    "lapse": discounts.time_over,
    "dispute": disputes.start,
    "abandon": subscriptions.abandon,
    **renewing.HAPPENINGS,
}


def tick() -> None:
    with db.transaction():
        sessions.sweep()
        while rows := db.sql("SELECT * FROM later WHERE due <= ? ORDER BY due, seq LIMIT 1", db.now()):
            row = rows[0]
            db.sql("DELETE FROM later WHERE seq = ?", row["seq"])
            record = db.get(row["target"])
            if record is not None:
                with db.at(int(row["due"])):
                    HAPPENINGS[row["what"]](record)
