"""The owner's screens of meetings: list, one event, who comes."""
