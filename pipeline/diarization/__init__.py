"""Who speaks when in one channel: voices told apart by their sound, without names."""

from pipeline.diarization.embedding import SpeakerModel
from pipeline.diarization.track import SpeakerTrack
from pipeline.diarization.voices import SpeakerSpan, SpokenBy, Voices

__all__ = ["SpeakerModel", "SpeakerSpan", "SpeakerTrack", "SpokenBy", "Voices"]
