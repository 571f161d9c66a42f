"""A process that dies in the middle of a purchase, by SIGKILL, at each step."""
