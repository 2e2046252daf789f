"""THE LINE: what happens to one call, noun to noun."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline import __version__, acoustics, privacy, scoring, speakers
from pipeline.asr import ChannelText
from pipeline.asr.turns import merge, utterances
from pipeline.domain import (
    BUSINESS_LINES,
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
    Segment,
    Transcript,
)
from pipeline.rules import CallContext, RulePack, evaluate, load_pack, pack_for, past_call_of
from pipeline.store import StoredText

NO_ENGINE = EngineInfo("given", "", "", "")


@dataclass(slots=True)
class Packs:
    """Rule packs by business line, loaded once. `forced` overrides the choice by business line."""

    forced: str | None = None
    folder: Path | None = None
    _loaded: dict[str, RulePack] = field(default_factory=dict)

    def of(self, business_line: str) -> RulePack:
        """The pack that a call of this business line is scored with."""
        name = self.forced or pack_for(business_line, self.search)
        if name not in self._loaded:
            self._loaded[name] = load_pack(name, self.search)
        return self._loaded[name]

    def used(self) -> tuple[RulePack, ...]:
        """The packs of all business lines."""
        return tuple({pack.sha256: pack for pack in map(self.of, BUSINESS_LINES)}.values())

    @property
    def search(self) -> tuple[Path, ...]:
        """Folders with packs beside the built-in ones."""
        return () if self.folder is None else (self.folder,)


def inspect(
    transcript: Transcript,
    pack: RulePack,
    provenance: Provenance,
    sources: Sequence[str] = (),
    history: tuple[PastCall, ...] | None = None,
) -> CallReport:
    """Transcript → metrics, private data, findings, score. Raw text goes in, none comes out.

    `history`: earlier calls of the same customer, where somebody looked for them.
    """
    call = prepare(transcript, history)
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
        notes=transcript.notes,
    )


def past_call(report: CallReport) -> PastCall | None:
    """What later calls of the customer need to know of this one; None when its time is unknown."""
    return past_call_of(report.transcript, report.findings, report.duration)


def inspect_again(
    stored: StoredText, pack: RulePack, history: tuple[PastCall, ...] | None
) -> Rescored:
    """A new result for a call whose masked text is stored: nothing is heard or searched again."""
    text = privacy.stand_in(
        stored.transcript, stored.private_spans, stored.duration, stored.capabilities
    )
    call = CallContext(text, stored.metrics, stored.private_spans, stored.transcript, history)
    findings, scorecard = scoring.score(pack.plan, pack, evaluate(pack, call))
    return Rescored(stored.call_id, stored.content_sha256, findings, scorecard, __version__)


def prepare(transcript: Transcript, history: tuple[PastCall, ...] | None = None) -> CallContext:
    """What the rules look at: raw text, measures, private spans and the masked text to quote."""
    passages = list(privacy.read_passages(transcript))
    spans = privacy.find_private(transcript, passages)
    masked = privacy.mask(transcript, spans, passages)
    masked = replace(masked, info=_masked_info(transcript.info))
    return CallContext(transcript, acoustics.measure(transcript), spans, masked, history)


def _masked_info(info: CallInfo) -> CallInfo:
    """Metadata whose free texts hold no private data either."""
    texts = {key: value for key, value in info.attributes.items() if isinstance(value, str)}
    segments = tuple(Segment(Role.UNKNOWN, value) for value in texts.values())
    plain = Transcript(replace(info, medium=Medium.CHAT), segments)
    masked = privacy.mask(plain, privacy.find_private(plain)).segments
    clean = {key: segment.text for key, segment in zip(texts, masked, strict=True)}
    return replace(info, attributes={**info.attributes, **clean})


def assemble(
    recording: Recording,
    texts: Sequence[ChannelText],
    audio: AudioFormat,
    engine: EngineInfo,
    notes: Sequence[str] = (),
) -> Transcript:
    """Channels' words → one transcript on the time line, with roles where they are known."""
    channels = {text.channel for text in texts}
    stereo = len(channels) == 2
    spoken = [turn for text in texts for turn in utterances(text.words, text.channel)]
    turns = merge(spoken, join=stereo)
    roles = speakers.channel_roles(recording.info, turns) if stereo else {}
    capabilities = {"times", "words", "confidence"}
    capabilities |= {"stereo", "overlap"} if stereo else set()
    capabilities |= {"roles"} if roles else set()
    return Transcript(
        info=_completed(recording.info, stereo=stereo, known=bool(roles)),
        segments=tuple(speakers.named(turns, roles)),
        duration=round(audio.duration, 3),
        engine=engine,
        audio=audio,
        capabilities=frozenset(capabilities),
        removed=tuple(item for text in texts for item in text.removed),
        notes=(*notes, *([] if turns else [Note.NO_SPEECH])),
    )


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
