"""THE LINE: what happens to one call, noun to noun."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline import __version__, acoustics, privacy, scoring, speakers
from pipeline.asr import ChannelText
from pipeline.asr.turns import merge, utterances
from pipeline.domain import (
    AudioFormat,
    CallInfo,
    CallReport,
    EngineInfo,
    Medium,
    Note,
    Provenance,
    Recording,
    Role,
    Segment,
    Transcript,
)
from pipeline.network import refuse_foreign
from pipeline.rules import CallContext, Judge, RulePack, evaluate, load_pack, pack_for
from pipeline.settings import Settings

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

    @property
    def search(self) -> tuple[Path, ...]:
        """Folders with packs beside the built-in ones."""
        return () if self.folder is None else (self.folder,)


def inspect(
    transcript: Transcript,
    pack: RulePack,
    provenance: Provenance,
    sources: Sequence[str] = (),
    judge: Judge | None = None,
) -> CallReport:
    """Transcript → metrics, private data, findings, score. Raw text goes in, none comes out."""
    call = prepare(transcript, judge)
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


def make_judge(settings: Settings) -> Judge | None:
    """The language model of the settings, one for all calls; None when it is off."""
    llm = settings.llm
    if llm.url is None or llm.model is None:
        return None
    from pipeline.llm import Llm, Server

    refuse_foreign(llm.url)
    server = Server(llm.url, llm.model, llm.api_key())
    return Llm(server, llm.timeout_seconds, llm.concurrency)


def prepare(transcript: Transcript, judge: Judge | None = None) -> CallContext:
    """What the rules look at: raw text, measures, private spans and the masked text to quote.

    `judge` answers what they ask of a language model; None: those rules do not apply.
    """
    spans = privacy.find_private(transcript)
    masked = privacy.mask(transcript, spans)
    masked = replace(masked, info=_masked_info(transcript.info))
    return CallContext(transcript, acoustics.measure(transcript), spans, masked, judge)


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
