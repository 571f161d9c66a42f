"""The billing portal: a short-lived address for one customer."""

from sandbox import options
from sandbox.call import Call, referred
from sandbox.store import Body, db, new_id, nulls


def create(call: Call) -> Body:
    customer = referred("customer", call.params["customer"], "customer")
    key = new_id("bps_1")
    body = nulls("customer_account flow locale on_behalf_of") | {
        "id": key,
        "object": "billing_portal.session",
        "configuration": "bpc_sandbox",
        "created": db.now(),
        "customer": customer.id,
        "livemode": False,
        "return_url": call.params.get("return_url"),
        "url": f"{options.origin}/portal/{key}",
    }
    db.add(dict(body))
    return body
