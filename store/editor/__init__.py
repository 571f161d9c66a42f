"""The editor's side of selling, in Wagtail's admin: making products, their screen, their place in texts."""
