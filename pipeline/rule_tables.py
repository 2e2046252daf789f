"""What the rules commands print for people, Chinese first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len, set_cell_size
from rich.table import Table
from rich.text import Text

from pipeline.domain import Verdict
from pipeline.rules import ExampleResult, RulePack
from pipeline.rules.applicability import VERDICTS
from pipeline.rules.catalogue import FoundEntry, NamedPack
from pipeline.rules.check import Checked
from pipeline.rules.describe import (
    SEVERITIES,
    STATUS,
    conditions_in_words,
    expressions_in_words,
    price_in_words,
    rows_of,
    rows_of_item,
)
from pipeline.rules.model import Dialogue, Rule
from pipeline.rules.trial import Excused, Trace, Tried
from pipeline.terminal import make_console, short_path

WORDS = {
    "zh": {
        "conditions": "条件", "examples": "示例", "hit": "应命中", "no_hit": "不应命中",
        "unsure": "存疑", "stands": "所在", "packs": "规则包", "warning": "提醒",
        "checked": "已检查 {files} 个文件、{rules} 条规则：{errors} 个错误，{warnings} 条提醒",
        "missing": "缺少的内容（{count} 条规则不通过，通话里没有相应的话；--all 看详情）",
        "open": "元数据不足，无法判断（{count} 条；用 --info 补充，--all 看详情）",
        "sought": "查找范围（未发现）：",
        "near": "有相应的话，但不计", "excused": "“{quote}”{why}，不计",
        "rest": "其余：通过 {passed} 条，不适用 {idle} 条", "confidence": "把握",
        "line": "第 {number} 句“{quote}”",
        "right": "{name}：{count} 个示例中 {right} 个正确，{seconds:.2f} 秒",
        "untried": "另有 {count} 个未试：要问大模型，而大模型未启用",
        "should": "应为 {kind}，实为 {verdict}",
    },
    "en": {
        "conditions": "conditions", "examples": "examples", "hit": "must hit",
        "no_hit": "must not hit", "unsure": "unsure", "stands": "stands in", "packs": "packs",
        "warning": "warning",
        "checked": "{files} files, {rules} rules: {errors} errors, {warnings} warnings",
        "missing": "missing (fails {count} rules, nothing of the kind is said; details: --all)",
        "open": "the metadata does not tell ({count} rules; add --info; details: --all)",
        "sought": "looked for here, not found:",
        "near": "said, but does not count", "excused": "“{quote}” does not count: {why}",
        "rest": "others: {passed} pass, {idle} do not apply", "confidence": "confidence",
        "line": "line {number} “{quote}”",
        "right": "{name}: {right} of {count} examples right, {seconds:.2f} s",
        "untried": "{count} not tried: they ask the LLM, which is off",
        "should": "should be {kind}, is {verdict}",
    },
}  # fmt: skip
COLUMNS = {
    "zh": ("控制点", "规则", "标题", "检查项", "严重程度", "分值", "依据", "状态"),
    "en": ("control point", "rule", "title", "checks", "severity", "points", "reference", "status"),
}
PACK_COLUMNS = {
    "zh": ("规则包", "名称", "版本", "继承", "规则", "文件"),
    "en": ("pack", "title", "version", "extends", "rules", "file"),
}
MARKS = {
    Verdict.FAIL: "✗", Verdict.UNSURE: "?", Verdict.PASS: "✓", Verdict.NOT_APPLICABLE: "–",
}  # fmt: skip


OUTCOMES = {"hit": "成立", "no": "不成立", "unsure": "存疑", "not_applicable": "不适用"}


def title_of(rule: Rule, language: str) -> str:
    """The title of a rule in one language."""
    return rule.title_en if language == "en" else rule.title


def verdict_in_words(verdict: Verdict, language: str) -> str:
    """A verdict in one language."""
    return str(verdict) if language == "en" else VERDICTS[verdict]


def print_packs(packs: Iterable[NamedPack], language: str) -> None:
    """One line per pack and version."""
    table = Table(*PACK_COLUMNS[language])
    for named in packs:
        pack, extends = named.pack, named.pack.layers[-1].file.extends
        file = short_path(pack.sources[-1])
        table.add_row(
            named.name, pack.title, pack.version, extends or "—", str(len(pack.rules)), file
        )
    make_console().print(table)


def print_rules(pack: RulePack, language: str) -> None:
    """One line per rule of a pack."""
    table = Table(*COLUMNS[language])
    for rule in pack.rules:
        table.add_row(
            rule.control_point,
            rule.id,
            title_of(rule, language),
            " ".join(rule.checks),
            SEVERITIES[language][rule.severity],
            price_in_words(rule.price, language),
            rule.reference.text,
            STATUS[language][rule.reference.status],
        )
    make_console().print(table)


def print_entry(found: FoundEntry, language: str, *, examples: bool) -> None:
    """Everything about one rule or human item."""
    out, words, entry = make_console(), WORDS[language], found.entry
    out.print(Text(f"{entry.title}  {entry.id}", style="bold"))
    out.print(Text(f"  {entry.title_en}"))
    if isinstance(entry, Rule):
        rows = rows_of(entry, found.pack, language)
    else:
        rows = rows_of_item(entry, found.pack, language)
    rows.append((words["stands"], f"{short_path(found.file)}:{found.line}"))
    rows.append((words["packs"], " ".join(found.packs)))
    _print_rows(rows, indent=2)
    if not isinstance(entry, Rule):
        return
    out.print(Text(words["conditions"], style="bold"))
    for condition in conditions_in_words(entry, language):
        head = f"  {condition.name}  {condition.kind}“{condition.label}”"
        out.print(Text(f"{head}  {condition.where}".rstrip()))
        _print_rows(condition.rows, indent=6)
    if examples:
        out.print(Text(words["examples"], style="bold"))
        for kind in ("hit", "no_hit", "unsure"):
            for dialogue in getattr(entry.examples, kind):
                out.print(Text(f"  {words[kind]}  {_dialogue(dialogue)}"))


def _dialogue(dialogue: Dialogue) -> str:
    given = dialogue.model_dump(exclude_defaults=True, exclude={"lines"})
    return " / ".join(dialogue.lines) + (f"  {given}" if given else "")


def _print_rows(rows: Iterable[tuple[str, str]], indent: int) -> None:
    """Names and texts in two columns, never cut: a pattern must stay one that can be copied."""
    given = list(rows)
    width = max((cell_len(name) for name, _ in given), default=0)
    for name, text in given:
        for number, line in enumerate(text.split("\n")):
            head = "" if number else name
            make_console().print(Text(f"{' ' * indent}{set_cell_size(head, width)}  {line}"))


def print_checked(checked: Checked, language: str) -> None:
    """Errors and warnings, each with its file and line, then how many there are."""
    out, words = make_console(), WORDS[language]
    for problem in checked.problems:
        out.print(Text(str(problem).replace(problem.file, short_path(problem.file), 1)))
    for remark in checked.remarks:
        place = f"{short_path(remark.file)}:{remark.line}: {words['warning']} [{remark.lint}]"
        parts = (place, remark.owner, remark.field, remark.says(language))
        out.print(Text(": ".join(filter(None, parts))))
    out.print(
        words["checked"].format(
            files=len(checked.files),
            rules=checked.rules,
            errors=len(checked.problems),
            warnings=len(checked.remarks),
        )
    )


def print_tried(tried: Sequence[Tried], language: str, *, everything: bool) -> None:
    """The rules that were met, then in short those that miss something."""
    out, words = make_console(), WORDS[language]
    missing = [t for t in tried if t.finding.verdict is Verdict.FAIL and not t.finding.found]
    unknown = [t for t in tried if t.finding.verdict is Verdict.UNSURE and not t.finding.found]
    silent = (Verdict.PASS, Verdict.NOT_APPLICABLE)
    for verdict in (Verdict.FAIL, Verdict.UNSURE, Verdict.PASS, Verdict.NOT_APPLICABLE):
        for one in (t for t in tried if t.finding.verdict is verdict):
            told = one.finding.found and verdict is not Verdict.NOT_APPLICABLE
            if everything or told:
                _print_one(one, language)
    near = [t for t in tried if t.near and not everything and not t.finding.found]
    if near:
        out.print(Text(words["near"], style="bold"))
    for one in near:
        out.print(
            Text(f"  {MARKS[one.finding.verdict]} {title_of(one.rule, language)}  {one.rule.id}")
        )
        _print_excused(one.excused, language)
    if everything:
        return
    for key, some in (("missing", missing), ("open", unknown)):
        if some:
            out.print(Text(words[key].format(count=len(some)), style="bold"))
            names = "，".join(f"{title_of(t.rule, language)} {t.rule.id}" for t in some)
            out.print(Text(f"  {names}"))
    quiet = [t for t in tried if t.finding.verdict in silent and not t.finding.found]
    passed = sum(t.finding.verdict is Verdict.PASS for t in quiet)
    out.print(words["rest"].format(passed=passed, idle=len(quiet) - passed))


def _print_one(one: Tried, language: str) -> None:
    out, finding = make_console(), one.finding
    points = f"  {finding.points:+g}" if finding.points else ""
    verdict = verdict_in_words(finding.verdict, language)
    head = f"{MARKS[finding.verdict]} {verdict}  {title_of(one.rule, language)}  {one.rule.id}"
    out.print(Text(f"{head}{points}", style="bold"))
    out.print(Text(f"    {finding.why}"))
    if finding.evidence and not finding.found:
        out.print(Text(f"    {WORDS[language]['sought']}"))
    for item in finding.evidence:
        quote = WORDS[language]["line"].format(number=item.segment + 1, quote=item.quote)
        out.print(Text(f"    {quote}"))
    _print_excused(one.excused, language)


def _print_excused(excused: Iterable[Excused], language: str) -> None:
    for item in excused:
        text = WORDS[language]["excused"].format(quote=item.evidence.quote, why=item.why)
        make_console().print(Text(f"    ○ {item.condition}“{item.label}”：{text}"))


def print_traces(one: Tried, language: str) -> None:
    """One rule, its expressions, and every condition of it by itself."""
    _print_one(one, language)
    rows = expressions_in_words(one.rule, language)
    _print_rows(rows, indent=4)
    for trace in one.traces:
        _print_trace(trace, language)


def _print_trace(trace: Trace, language: str) -> None:
    out = make_console()
    sure = f"{WORDS[language]['confidence']} {trace.confidence:.0%}"
    outcome = OUTCOMES[trace.outcome] if language == "zh" else trace.outcome
    out.print(Text(f"    · {trace.condition}“{trace.label}”：{outcome}，{sure}"))
    for text in filter(None, (trace.reason, trace.doubt)):
        out.print(Text(f"        {text}"))


def print_results(
    name: str, results: Sequence[ExampleResult], seconds: float, language: str
) -> None:
    """How many examples of a pack are right, and each wrong one with what it should be."""
    out, words = make_console(), WORDS[language]
    tried = [result for result in results if result.tried]
    wrong = [result for result in tried if not result.ok]
    count, right = len(tried), len(tried) - len(wrong)
    out.print(words["right"].format(name=name, count=count, right=right, seconds=seconds))
    if len(tried) < len(results):
        out.print(f"  {words['untried'].format(count=len(results) - len(tried))}")
    for result in wrong:
        verdict = verdict_in_words(result.verdict, language)
        should = words["should"].format(kind=words[result.kind], verdict=verdict)
        out.print(Text(f"  ✗ {result.rule}  examples.{result.kind}[{result.number}]  {should}"))
        for line in result.lines:
            out.print(Text(f"      {line}"))
        out.print(Text(f"      → {result.why}"))
