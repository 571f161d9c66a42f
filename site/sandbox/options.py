"""What the command line set: keys and the address; written once at start."""

secret_key = "sk_test_comptoir"  # noqa: S105 the demo's own, known to all
publishable_key = "pk_test_comptoir"
origin = "http://localhost:8001"
