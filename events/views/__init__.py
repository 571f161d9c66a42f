"""HTTP of meetups: parse, call one verb, answer."""
