"""From what was heard of a recording to its transcript: one time line, turns, and who says them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline import speakers
from pipeline.asr import ChannelText
from pipeline.asr.languages import language_of_call
from pipeline.asr.turns import merge, utterances
from pipeline.diarization import Voices
from pipeline.domain import (
    MANDARIN,
    AudioFormat,
    CallInfo,
    EngineInfo,
    Note,
    Recording,
    Removed,
    Role,
    RoleBasis,
    Segment,
    Transcript,
    mean_confidence,
)
from pipeline.linesounds import Announced, Heard, announcements, words_outside

TOLD_APART = 0.5  # confidence from which the voices of a mono call are told apart
HARD_TO_HEAR = 0.65  # mean confidence; calls in clear Mandarin lie around 0.85


@dataclass(frozen=True, slots=True)
class BesideWords:
    """What was heard beside the words: each channel's line, and the voices of a mono call.

    `echoes`: where a channel only carried the other side, and was not recognised.
    """

    lines: Mapping[int, Heard] = field(default_factory=dict)
    voices: Voices | None = None
    echoes: tuple[Removed, ...] = ()


NOTHING_BESIDE = BesideWords()


def assemble(
    recording: Recording,
    texts: Sequence[ChannelText],
    audio: AudioFormat,
    engine: EngineInfo,
    notes: Sequence[str] = (),
    beside: BesideWords = NOTHING_BESIDE,
) -> Transcript:
    """Channels' words → one transcript on the time line, with roles where they are known.

    What was recognised where only the line sounds is nobody's; where the voices of a mono call are
    told apart no turn mixes two people.
    """
    lines, voices = beside.lines, beside.voices
    texts = [_without_line(text, lines.get(text.channel)) for text in texts]
    sounds = [sound for heard in lines.values() for sound in heard.sounds]
    channels = {text.channel for text in texts}
    stereo = len(channels) == 2
    apart = voices is not None and voices.count > 1 and voices.confidence >= TOLD_APART
    spoken = [turn for text in texts for turn in _utterances(text, voices if apart else None)]
    announced = announcements(spoken, sounds)
    turns = merge(announced.spoken, join=stereo or apart)
    roles = speakers.find_roles(recording.info, turns) if stereo or apart else None
    language = language_of_call([heard for text in texts for heard in text.languages])
    segments = tuple(speakers.named(turns, roles)) if roles else tuple(turns)
    known = bool(segments) and all(segment.role is not Role.UNKNOWN for segment in segments)
    capabilities = {"times", *_carried(texts)}
    capabilities |= {"stereo", "overlap"} if stereo else set()
    capabilities |= {"roles"} if known else set()
    return Transcript(
        info=_completed(_told(recording.info, announced), stereo=stereo, known=known),
        segments=segments,
        duration=round(audio.duration, 3),
        engine=engine,
        audio=audio,
        capabilities=frozenset(capabilities),
        removed=(*(item for text in texts for item in text.removed), *beside.echoes),
        notes=(*notes, *_text_notes(turns, language), *_speaker_notes(turns, roles, stereo=stereo)),
        roles=roles,
        language=language,
        sounds=tuple(sorted([*sounds, *announced.prompts], key=lambda s: (s.start, s.channel))),
    )


def _utterances(text: ChannelText, voices: Voices | None) -> list[Segment]:
    """Utterances of a channel; of each of its voices, where several are told apart."""
    if voices is None:
        return utterances(text.words, text.channel)
    by = [spoken.speaker for spoken in voices.of_words(text.words)]
    return [
        turn
        for speaker in sorted(set(by))
        for turn in utterances(
            [word for word, who in zip(text.words, by, strict=True) if who == speaker],
            text.channel,
            speaker,
        )
    ]


def _carried(texts: Sequence[ChannelText]) -> set[str]:
    """What the recogniser gives of every word: when it was said, how sure it is."""
    sure = all(word.confidence is not None for text in texts for word in text.words)
    timed = all(text.timed for text in texts)
    return ({"words"} if timed else set()) | ({"confidence"} if sure else set())


def _text_notes(turns: Sequence[Segment], language: str | None) -> Iterator[Note]:
    """What a person should know of how far the text can be trusted."""
    sure = mean_confidence(word for turn in turns for word in turn.words)
    if not turns:
        yield Note.NO_SPEECH
    elif language not in (None, MANDARIN):
        yield Note.OTHER_LANGUAGE
    elif sure is not None and sure < HARD_TO_HEAR:
        yield Note.HARD_TO_HEAR


def _without_line(text: ChannelText, heard: Heard | None) -> ChannelText:
    """The words of a channel without what was invented where only the line sounds."""
    if heard is None:
        return text
    words, removed = words_outside(text.words, heard.nobody, heard.certain, text.channel)
    return replace(text, words=words, removed=(*text.removed, *removed))


def _told(info: CallInfo, announced: Announced) -> CallInfo:
    """The metadata, with what announcements say where the metadata say nothing."""
    told = {"ivr_recording_notice": announced.recorded, "not_reached": announced.unreached}
    found = {name: True for name, said in told.items() if said}
    return replace(info, attributes={**found, **info.attributes}) if found else info


def _speaker_notes(
    turns: Sequence[Segment], roles: RoleBasis | None, *, stereo: bool
) -> Iterator[Note]:
    """What a person should know of who is heard on which side."""
    if turns and stereo and len({turn.channel for turn in turns}) == 1:
        yield Note.SILENT_CHANNEL
    if roles is not None and roles.contradicted:
        yield Note.AGENT_CHANNEL_DOUBTED
    if roles is not None and roles.swapped_from is not None:
        yield Note.CHANNELS_SWAPPED


def _completed(info: CallInfo, *, stereo: bool, known: bool) -> CallInfo:
    """The metadata, with `agent_channel` named as missing where it would have helped."""
    if stereo and info.agent_channel is None and not known:
        return replace(info, missing=(*info.missing, "agent_channel"))
    return info
