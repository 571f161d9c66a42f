"""The owner's screens in Wagtail's admin: orders, stock, sales, settings. Views call verbs and decide nothing."""
