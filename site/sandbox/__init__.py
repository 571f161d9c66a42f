"""A local stand-in of Stripe's API for demos and tests: its own process, its own SQLite file.

It imports nothing of the shop and the shop imports nothing of it; both meet over HTTP only.

Start: ``python -m sandbox --port 8001 --db var/sandbox.sqlite3`` with ``site/`` on the path; it
takes the key ``sk_test_comptoir`` (``--key``) and speaks API version 2026-10-28.endive only.
Requests are checked against the installed SDK's typed params, and against Stripe's published
description where ``STRIPE_OPENAPI`` names it or it lies beside the repository.

- ``/v1/…``: sessions in payment and subscription mode, payment intents, charges, refunds, disputes,
  customers, payment methods, products, prices, coupons, promotion codes, tax and shipping rates,
  events, balance transactions, webhook endpoints, subscriptions and invoices as a paid session
  leaves them, payment method domains, the account. ``sandbox.routes`` is the whole list; any other
  address is unrecognized. What the stand-in lacks (Connect, Stripe Tax, setup mode, invoices of
  one-off payments) is refused by name, never silently ignored.
- ``/js/endive/stripe.js``: Stripe.js with Embedded Checkout, its names and its refusals.
- ``/c/pay/…``, ``/c/embed/…``, ``/3ds/…``: the pages of payment; test cards in ``sandbox.cards``.
- ``/_control/…``: what tests steer; told in ``sandbox.control``.

Ways in which it is quicker than Stripe: a debit ends 30 seconds after the page, a refund to the card
5126 fails after 5, the card 0259 is disputed after 60; the control plane's clock moves all three.
"""
