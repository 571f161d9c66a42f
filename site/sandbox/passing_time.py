"""What time alone brings: sessions expire, delayed payments and refunds come to an end."""

from sandbox import checkout
from sandbox.resources import discounts, disputes, refunds, renewing, sessions
from sandbox.store import db


def tick() -> None:
    with db.transaction():
        sessions.sweep()
        renewing.sweep()
        for row in db.sql("SELECT * FROM later WHERE due <= ? ORDER BY due, seq", db.now()):
            db.sql("DELETE FROM later WHERE seq = ?", row["seq"])
            _happen(row["what"], row["target"])


def _happen(what: str, target: str) -> None:
    record = db.get(target)
    if record is None:
        return
    match what:
        case "async_succeed" | "async_fail":
            checkout.settle_async(record, succeeded=what == "async_succeed")
        case "refund_succeeds":
            refunds.succeed(record)
        case "refund_fails":
            refunds.fail(record)
        case "lapse":
            discounts.time_over(record)
        case "dispute":
            disputes.start(record)
