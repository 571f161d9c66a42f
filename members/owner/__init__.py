"""The owner's screens of the club."""
