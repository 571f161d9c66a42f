"""Figures of the whole site against a bare Django view on the same server in the same run."""
