"""One module per family of API objects: how they look, their rules and their handlers."""
