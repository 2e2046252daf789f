"""THE LINE: what happens to one call, noun to noun."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import __version__, acoustics, privacy, scoring
from pipeline.domain import (
    CallInfo,
    CallReport,
    EngineInfo,
    Medium,
    Note,
    PastCall,
    Provenance,
    Rescored,
    Role,
    Segment,
    Transcript,
)
from pipeline.errors import BadPack
from pipeline.learning.moods import Moods
from pipeline.network import refuse_foreign
from pipeline.rules import (
    NOBODY,
    Advisers,
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
    advisers: Advisers = NOBODY,
) -> CallReport:
    """Transcript → metrics, private data, findings, score. Raw text goes in, none comes out.

    `history`: earlier calls of the same customer, where somebody looked for them. `advisers`:
    models that rules may ask.
    """
    call = prepare(transcript, history, advisers)
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


def make_advisers(settings: Settings, models: Path | None = None) -> Advisers:
    """What rules may ask beside the call; `models`: the folder of a database's trained models."""
    return Advisers(make_judge(settings), Moods(models))


def past_call(report: CallReport) -> PastCall | None:
    """What later calls of the customer need to know of this one; None when its time is unknown."""
    return past_call_of(report.transcript, report.findings, report.duration)


def inspect_again(
    stored: StoredText,
    pack: RulePack,
    history: tuple[PastCall, ...] | None,
    advisers: Advisers = NOBODY,
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
        text, stored.metrics, stored.private_spans, stored.transcript, history, stands_in=True,
        advisers=advisers,
    )  # fmt: skip
    findings, scorecard = scoring.score(pack.plan, pack, evaluate(pack, call))
    return Rescored(stored.call_id, stored.content_sha256, findings, scorecard, __version__)


def _pack_notes(pack: RulePack, info: CallInfo) -> list[Note]:
    """A call of a day on which no version of the pack is in force is scored, and says so."""
    day = local_day(info)
    return [] if day is None or pack.in_force(day) else [Note.PACK_NOT_IN_FORCE]


def prepare(
    transcript: Transcript,
    history: tuple[PastCall, ...] | None = None,
    advisers: Advisers = NOBODY,
) -> CallContext:
    """What the rules look at: raw text, measures, private spans and the masked text to quote.

    `advisers`: models that they may ask.
    """
    passages = list(privacy.read_passages(transcript))
    spans = privacy.find_private(transcript, passages)
    masked = privacy.mask(transcript, spans, passages)
    masked = replace(masked, info=_masked_info(transcript.info))
    metrics = acoustics.measure(transcript)
    return CallContext(transcript, metrics, spans, masked, history, advisers=advisers)


def _masked_info(info: CallInfo) -> CallInfo:
    """Metadata whose free texts hold no private data either."""
    texts = {key: value for key, value in info.attributes.items() if isinstance(value, str)}
    if not texts:
        return info
    segments = tuple(Segment(Role.UNKNOWN, value) for value in texts.values())
    plain = Transcript(replace(info, medium=Medium.CHAT), segments)
    masked = privacy.mask(plain, privacy.find_private(plain)).segments
    clean = {key: segment.text for key, segment in zip(texts, masked, strict=True)}
    return replace(info, attributes={**info.attributes, **clean})


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
