"""Ends a connection without an answer: the server's way to play a lost line."""


class CutLine(BaseException):
    """Raised by a view; the server then resets the connection."""
