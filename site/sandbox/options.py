"""What the command line set: keys and the address; written once at start."""

secret_key = "sk_test_comptoir"
publishable_key = "pk_test_comptoir"
port = 8001
