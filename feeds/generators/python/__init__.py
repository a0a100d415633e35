"""Configuration written in Python, read as a syntax tree: nothing of it is run."""
