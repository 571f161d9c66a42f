"""What the shop answers over HTTP: parse, call one verb, answer."""
