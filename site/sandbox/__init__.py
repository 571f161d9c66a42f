"""A local stand-in of Stripe's API for demos and tests: its own process, its own SQLite file.

It imports nothing of the shop and the shop imports nothing of it; both meet over HTTP only.
Start it with ``python -m sandbox --port 8001`` (``site/`` on the path). What tests may steer is
told in ``sandbox.control``.
"""
