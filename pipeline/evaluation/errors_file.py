"""A file of where recognised texts differ from their references, to read and to search. Masked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pipeline.domain import Segment
from pipeline.errors import BadInput
from pipeline.evaluation.aligned import Step, aligned, confusions
from pipeline.evaluation.manifest import Item
from pipeline.evaluation.measuring import Texts
from pipeline.evaluation.sides import Compared, Side
from pipeline.files import write_atomically
from pipeline.rules import CallContext

HEAD = """\
# 识别文本与参考文本的差异，已脱敏：个人信息以及三位以上的数字均为 *
# where recognised text differs from its reference; private data and numbers of 3 digits on are *
# [说的→识别成的 said→heard]  [-漏掉 lost]  [+多出 added]；无标点，数字按读音比较
"""
MOST_CONFUSIONS = 100


class ErrorsFile:
    """Collects the differences of every recording; `write` puts them into the file."""

    def __init__(self, target: Path) -> None:
        """Raises BadInput where the file cannot be written, before anything is recognised."""
        self._target = target
        self._parts: list[tuple[tuple[str, str], str]] = []
        self._confused: dict[str, Counter[tuple[str, str]]] = {}
        if target.is_dir() or not target.absolute().parent.is_dir():
            raise BadInput(f"--errors {target}: give a file in a folder that is there")

    def saw(self, model: str, item: Item, compared: Compared, texts: Texts) -> None:
        """Keep the masked differences of one recording."""
        for side in compared.sides:
            said = _masked(side.said, texts.said)
            steps = aligned(said, _masked(side.heard, texts.heard))
            self._confused.setdefault(model, Counter()).update(confusions(steps))
            lines = (_title(model, item, side), *_lines(steps, [raw for raw, _ in said]))
            self._parts.append(((model, item.name), "\n".join(lines)))

    def write(self) -> None:
        """All of it, by model and recording, then what is confused most often."""
        parts = [HEAD, *(text + "\n" for _, text in sorted(self._parts))]
        for model, counts in self._confused.items():
            parts.append(f"## {model}: 最常混淆 most often confused")
            common = counts.most_common(MOST_CONFUSIONS)
            parts += [f"{said}→{heard}  {times}" for (said, heard), times in common]
        try:
            write_atomically(self._target, ("\n".join(parts) + "\n").encode())
        except OSError as error:
            raise BadInput(
                f"--errors {self._target}: cannot be written: {error.strerror}"
            ) from error


def _masked(side: Iterable[int], text: CallContext) -> list[tuple[Segment, Segment]]:
    """The segments of a side with their masked selves."""
    return [(text.transcript.segments[n], text.masked.segments[n]) for n in side]


def _title(model: str, item: Item, side: Side) -> str:
    e = side.errors
    who = side.role if side.channel is None else f"{side.role}, channel {side.channel}"
    return (
        f"## {item.name}  {who}  {model}  CER {100 * e.rate:.1f} % "
        f"(S {e.substitutions}, D {e.deletions}, I {e.insertions}, N {e.length})"
    )


def _lines(steps: Sequence[Step], said: Sequence[Segment]) -> Iterator[str]:
    """One line for every turn of the reference, with its time where it has one."""
    shown: dict[int, list[str]] = {}
    for step in steps:
        shown.setdefault(step.segment, []).append(_shown(step))
    for segment, parts in sorted(shown.items()):
        start = said[segment].start if segment < len(said) else None
        yield ("" if start is None else f"{start:8.2f} ") + "".join(parts)


def _shown(step: Step) -> str:
    if step.tag == "equal":
        return step.said
    if step.tag == "delete":
        return f"[-{step.said}]"
    return f"[+{step.heard}]" if step.tag == "insert" else f"[{step.said}→{step.heard}]"
