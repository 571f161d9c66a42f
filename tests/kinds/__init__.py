"""A kind of its own for the tests of the store: it uses every seam that a kind may use."""
