"""What came in: files found, settled, identified by content, and joined with their metadata."""

from pipeline.intake.discover import Found, discover
from pipeline.intake.metadata import parse_time
from pipeline.intake.removing import Taken, still_there, take_out
from pipeline.intake.transcripts import GivenTranscript, read_transcripts

__all__ = [
    "Found",
    "GivenTranscript",
    "Taken",
    "discover",
    "parse_time",
    "read_transcripts",
    "still_there",
    "take_out",
]
