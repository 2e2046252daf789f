"""THE LINE: what happens to one call, noun to noun."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import __version__, acoustics, privacy, scoring, speakers
from pipeline.asr import ChannelText
from pipeline.asr.languages import language_of_call
from pipeline.asr.turns import merge, utterances
from pipeline.diarization import Voices
from pipeline.domain import (
    MANDARIN,
    AudioFormat,
    CallInfo,
    CallReport,
    EngineInfo,
    Medium,
    Note,
    PastCall,
    Provenance,
    Recording,
    Rescored,
    Role,
    RoleBasis,
    Segment,
    Transcript,
    mean_confidence,
)
from pipeline.errors import BadPack
from pipeline.linesounds import Announced, Heard, announcements, words_outside
from pipeline.network import refuse_foreign
from pipeline.rules import (
    CallContext,
    Judge,
    Library,
    RulePack,
    evaluate,
    local_day,
    past_call_of,
    today,
)
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.store import StoredText  # the store loads DuckDB, which this needs not

TOLD_APART = 0.5  # confidence from which the voices of a mono call are told apart
HARD_TO_HEAR = 0.65  # mean confidence; calls in clear Mandarin lie around 0.85
NO_ENGINE = EngineInfo("given", "", "", "")


class Packs:
    """Rule packs by business line and day. `forced` overrides the choice by business line.

    What day it is for calls without a date is settled once, so that a run over midnight plans and
    scores with the same pack.
    """

    def __init__(
        self, forced: str | None = None, folder: Path | None = None, day: date | None = None
    ) -> None:
        self.forced = forced
        self.library = Library(() if folder is None else (folder,))
        self._today = day or today()
        self._broken: dict[tuple[str, date], str] = {}

    def of(self, business_line: str, day: date | None = None) -> RulePack:
        """The pack that a call of this business line and local day is scored with.

        A BadPack is remembered: thousands of calls must not read a broken file again each.
        """
        key = (self.forced or self.library.name_for(business_line), day or self._today)
        if key in self._broken:
            raise BadPack(self._broken[key])
        try:
            return self.library.load(*key)
        except BadPack as error:
            self._broken[key] = str(error)
            raise

    def of_call(self, info: CallInfo) -> RulePack:
        """The pack in force on the day of a call; today's for a call without a date."""
        return self.of(info.business_line, local_day(info))


def inspect(
    transcript: Transcript,
    pack: RulePack,
    provenance: Provenance,
    sources: Sequence[str] = (),
    history: tuple[PastCall, ...] | None = None,
    judge: Judge | None = None,
) -> CallReport:
    """Transcript → metrics, private data, findings, score. Raw text goes in, none comes out.

    `history`: earlier calls of the same customer, where somebody looked for them. `judge`: the
    language model that rules may ask.
    """
    call = prepare(transcript, history, judge)
    findings, scorecard = scoring.score(pack.plan, pack, evaluate(pack, call))
    return CallReport(
        transcript=call.masked,
        sources=tuple(sources),
        metrics=call.metrics,
        private_spans=call.spans,
        findings=findings,
        scorecard=scorecard,
        provenance=provenance,
        duration=transcript.duration,
        audio=transcript.audio,
        engine=transcript.engine,
        capabilities=transcript.capabilities,
        removed=transcript.removed,
        roles=transcript.roles,
        language=transcript.language,
        notes=(*transcript.notes, *_pack_notes(pack, transcript.info)),
        sounds=transcript.sounds,
    )


def make_judge(settings: Settings) -> Judge | None:
    """The language model of the settings, one for all calls; None when it is off."""
    llm = settings.llm
    if llm.url is None or llm.model is None:
        return None
    from pipeline.llm import Llm, Server

    refuse_foreign(llm.url)
    server = Server(llm.url, llm.model, llm.api_key())
    return Llm(server, llm.timeout_seconds, llm.concurrency)


def past_call(report: CallReport) -> PastCall | None:
    """What later calls of the customer need to know of this one; None when its time is unknown."""
    return past_call_of(report.transcript, report.findings, report.duration)


def inspect_again(
    stored: StoredText, pack: RulePack, history: tuple[PastCall, ...] | None
) -> Rescored:
    """A new result for a call whose masked text is stored: nothing is heard or searched again."""
    text = privacy.stand_in(
        stored.transcript,
        stored.private_spans,
        stored.duration,
        stored.capabilities,
        stored.language,
    )
    call = CallContext(
        text, stored.metrics, stored.private_spans, stored.transcript, history, stands_in=True
    )
    findings, scorecard = scoring.score(pack.plan, pack, evaluate(pack, call))
    return Rescored(stored.call_id, stored.content_sha256, findings, scorecard, __version__)


def _pack_notes(pack: RulePack, info: CallInfo) -> list[Note]:
    """A call of a day on which no version of the pack is in force is scored, and says so."""
    day = local_day(info)
    return [] if day is None or pack.in_force(day) else [Note.PACK_NOT_IN_FORCE]


def prepare(
    transcript: Transcript,
    history: tuple[PastCall, ...] | None = None,
    judge: Judge | None = None,
) -> CallContext:
    """What the rules look at: raw text, measures, private spans and the masked text to quote.

    `judge` answers what they ask of a language model; None: those rules do not apply.
    """
    passages = list(privacy.read_passages(transcript))
    spans = privacy.find_private(transcript, passages)
    masked = privacy.mask(transcript, spans, passages)
    masked = replace(masked, info=_masked_info(transcript.info))
    metrics = acoustics.measure(transcript)
    return CallContext(transcript, metrics, spans, masked, history, judge=judge)


def _masked_info(info: CallInfo) -> CallInfo:
    """Metadata whose free texts hold no private data either."""
    texts = {key: value for key, value in info.attributes.items() if isinstance(value, str)}
    segments = tuple(Segment(Role.UNKNOWN, value) for value in texts.values())
    plain = Transcript(replace(info, medium=Medium.CHAT), segments)
    masked = privacy.mask(plain, privacy.find_private(plain)).segments
    clean = {key: segment.text for key, segment in zip(texts, masked, strict=True)}
    return replace(info, attributes={**info.attributes, **clean})


@dataclass(frozen=True, slots=True)
class BesideWords:
    """What was heard beside the words: each channel's line, and the voices of a mono call."""

    lines: Mapping[int, Heard] = field(default_factory=dict)
    voices: Voices | None = None


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
        removed=tuple(item for text in texts for item in text.removed),
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


def provenance_of(
    content_sha256: str, pack: RulePack, settings_hash: str, engine: EngineInfo = NO_ENGINE
) -> Provenance:
    """What stands behind a result of this content made now."""
    return Provenance(
        content_sha256=content_sha256,
        engine=engine.name,
        model=engine.model,
        revision=engine.revision,
        pack_hash=pack.sha256,
        settings_hash=settings_hash,
        code_version=__version__,
    )
