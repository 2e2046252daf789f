"""callqa: from call recordings to checked, scored, explained calls."""

__version__ = "0.1.0"
