"""Buying, and what follows, in a real browser: real server, worker and stand-in of Stripe, one test database."""
