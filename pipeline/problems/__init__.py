"""Common problems of a week, found in what is asked, what goes wrong and what customers resent."""

from pipeline.problems.weekly import weekly

__all__ = ["weekly"]
