"""Models measured on a sample: recognised as a nightly run does it, compared call by call."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Protocol

from pipeline import modelfiles
from pipeline.asr import ENGINES, Engine, make_engine
from pipeline.domain import Failure, Transcript
from pipeline.errors import BadInput, BadRecording, CallqaError
from pipeline.evaluation.keywords import Sought, sought_by, survival
from pipeline.evaluation.manifest import Item, Sample
from pipeline.evaluation.result import CallResult, ModelResult, Report, SideResult
from pipeline.evaluation.sides import Compared, compare
from pipeline.listening import Heard, engine_options, listen, worker_count
from pipeline.process import Packs, prepare
from pipeline.rules import CallContext
from pipeline.settings import Settings

log = logging.getLogger(__name__)

MOST_AT_ONCE = 20  # recordings that one worker takes at a time


class Witness(Protocol):
    """Told of every recording that was compared, with its texts."""

    def saw(self, model: str, item: Item, compared: Compared, texts: Texts) -> None:
        """Both texts raw and masked; what it keeps of them must be masked."""


@dataclass(frozen=True, slots=True)
class Texts:
    """What was said and what was heard, as rules see them."""

    said: CallContext
    heard: CallContext


@dataclass(frozen=True, slots=True)
class Model:
    """A recogniser to measure, by the name under which people asked for it."""

    name: str
    settings: Settings


def model_named(name: str | None, settings: Settings, engine: str | None = None) -> Model:
    """A model by its name, by `ENGINE:MODEL`, or (None) that of the settings.

    Without an engine it is the one that the model is made for, else that of the settings.
    """
    asr = settings.asr
    if name is None:
        name = asr.model
        engine = engine or asr.engine
    first, colon, rest = name.partition(":")
    model = name
    if colon and first in ENGINES:
        engine, model = first, rest
    engine = engine or modelfiles.engine_of(model, settings.models_dir) or asr.engine
    changed = asr.model_copy(update={"engine": engine, "model": model})
    return Model(name, settings.model_copy(update={"asr": changed}))


def measure(
    sample: Sample,
    models: Sequence[Model],
    tell: Callable[[int, int], None],
    witness: Witness | None = None,
) -> Iterator[ModelResult]:
    """Each model on the whole sample, one after the other; failures are added to the sample's.

    Raises BadInput where a model or a rule pack cannot be used at all. `tell`: done and whole.
    """
    sought = _sought(sample.items, models[0].settings)
    failed: set[str] = set()
    for number, model in enumerate(models):
        began = time.perf_counter()
        engine = make_engine(model.settings.asr.engine, engine_options(model.settings))
        loaded = time.perf_counter() - began
        calls: dict[str, CallResult] = {}
        begun = last = time.perf_counter()
        for done, (item, heard, at) in enumerate(_heard(sample.items, engine, model.settings), 1):
            last = max(last, at)
            try:
                calls[item.name] = _compared(model.name, item, heard, (sought, witness))
            except BadInput as error:
                if item.name not in failed:  # once, not once for every model
                    failed.add(item.name)
                    sample.failures.append(_failure(item, error))
            tell(number * len(sample.items) + done, len(models) * len(sample.items))
        in_order = tuple(calls[i.name] for i in sample.items if i.name in calls)
        yield ModelResult(
            model.name, engine.info, loaded, last - begun, worker_count(model.settings), in_order
        )


def report_on(source: str, sample: Sample, results: Sequence[ModelResult]) -> Report:
    """What was measured, to be shown."""
    return Report(source, list(results), list(sample.failures), sample.unreferenced)


def _sought(items: Sequence[Item], settings: Settings) -> Mapping[str, list[Sought]]:
    """What the rules look for, by business line; read before anything is recognised."""
    packs = Packs(settings.pack, settings.packs_dir)
    lines = {item.recording.info.business_line for item in items}
    return {line: sought_by(packs.of(line)) for line in lines}


def _heard(
    items: Sequence[Item], engine: Engine, settings: Settings
) -> Iterator[tuple[Item, Heard, float]]:
    """Transcripts as they are finished, and when; several at once as in a nightly run."""
    workers = worker_count(settings)
    size = min(max(len(items) // (4 * workers), 1), MOST_AT_ONCE)
    batches = [items[start : start + size] for start in range(0, len(items), size)]
    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(_listened, batch, engine, settings) for batch in batches]
        try:
            for future in as_completed(futures):
                found, at = future.result()
                yield from ((item, heard, at) for item, heard in found)
        finally:
            for future in futures:
                future.cancel()


def _listened(
    batch: Sequence[Item], engine: Engine, settings: Settings
) -> tuple[list[tuple[Item, Heard]], float]:
    """One batch and when it was through; where the recogniser breaks on it, one after the other."""
    try:
        found = list(listen([item.recording for item in batch], engine, settings))
    except CallqaError:
        raise
    except Exception as error:
        if len(batch) > 1:
            log.exception("the recogniser broke on a batch; its recordings are done one by one")
            alone = [_listened([item], engine, settings)[0][0] for item in batch]
            return alone, time.perf_counter()
        log.exception("the recogniser broke on a recording")
        name = batch[0].recording.path.name
        broken = BadRecording(f"{name}: the recogniser broke ({type(error).__name__}). See the log")
        found = [Heard(batch[0].recording, error=broken)]
    return list(zip(batch, found, strict=True)), time.perf_counter()


def _compared(
    model: str,
    item: Item,
    heard: Heard,
    how: tuple[Mapping[str, list[Sought]], Witness | None],
) -> CallResult:
    if heard.transcript is None:
        raise heard.error or BadRecording(f"{item.name}: gave neither sound nor an error")
    sought, witness = how
    transcript: Transcript = heard.transcript
    compared = compare(item, transcript)
    texts = Texts(prepare(compared.said), prepare(compared.heard))
    if witness is not None:
        witness.saw(model, item, compared, texts)
    line = item.recording.info.business_line
    return CallResult(
        file=item.name,
        call=item.call,
        line=line,
        seconds=transcript.duration or 0.0,
        sides=tuple(SideResult(s.role, s.channel, s.errors) for s in compared.sides),
        kept=survival(sought[line], texts.said, texts.heard, by_role=compared.by_role),
        removed=sum(removed.characters for removed in transcript.removed),
        contradicted=compared.contradicted,
    )


def _failure(item: Item, error: BadInput) -> Failure:
    message = str(error) if str(error).startswith(item.where) else f"{item.where}: {error}"
    return Failure(item.name, error.stage, type(error).__name__, message)
