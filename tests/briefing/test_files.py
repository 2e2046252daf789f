"""The files: the same content in each, nobody named where it is read, the same bytes again."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import docx
import pptx
import pytest

from pipeline.briefing import Briefing, check, gather
from pipeline.briefing.document import Export, cut, document
from pipeline.briefing.files import WRITERS, file_name, save, written
from pipeline.documents import Callout, PageBreak, Quote, write_markdown
from pipeline.domain import (
    BriefingText,
    Gone,
    ProblemKind,
    ProblemText,
    TrainingAction,
    Trend,
    WeekCount,
    Whom,
)
from pipeline.errors import BadInput
from pipeline.retention.removing import remove_all
from pipeline.store import Briefings, Copies, People, Snapshot, Store
from tests.briefing.problems import ASKED, MOMENT, QUOTE, W47, a_problem, finds

DAY = date(2026, 11, 23)
ZH, EN = Export("zh", DAY), Export("en", DAY)


def edited(snapshot: Snapshot) -> Briefing:
    text = BriefingText(
        "本周重点是卡号。",
        (ProblemText("p-date", answer="在“我的-还款日”中修改", note="问产品部"),),
        actions=(TrainingAction("p-card", "复述完整卡号", Whom.AGENT, ("A1",), "一对一听录音"),),
    )  # fmt: skip
    Briefings(snapshot.people).save("张培训", ("2026-W47", ""), text, None)
    return gather(snapshot, W47, find=finds(a_problem(6), ASKED))


def front_and_annex(found: Briefing, export: Export) -> tuple[str, str]:
    blocks = document(found, export).blocks
    at = next(n for n, block in enumerate(blocks) if isinstance(block, PageBreak))
    whole = write_markdown(document(found, export))
    parts = whole.split("\n---\n")
    assert len(parts) == 2
    assert at
    return parts[0], parts[1]


def test_the_pages_that_are_read_aloud_name_no_agent(snapshot: Snapshot) -> None:
    front, annex = front_and_annex(edited(snapshot), ZH)
    assert "A1" not in front.replace("c-A1-2026-W47-1", "")
    assert "单独 1 人" in front
    assert "名单见附录" in front
    assert "坐席A1（A1）" in annex
    assert "单独：A1" in annex


def test_everything_that_was_asked_for_is_there(snapshot: Snapshot) -> None:
    front, annex = front_and_annex(edited(snapshot), ZH)
    for said in (
        "本周重点是卡号。", "复述完整卡号", "上升", "控制点 2.1 信息保护", "本周共扣 50 分",
        "为了您的安全，只核对后四位", "在“我的-还款日”中修改", "一对一听录音",
    ):  # fmt: skip
        assert said in front, said
    for said in (
        "案例库第 2 号，同一规则", "问产品部", "同时违反“问候”", "业务条线“银行”", "规则包",
        "张培训 于", "先核实再报后四位",
    ):  # fmt: skip
        assert said in annex, said
    assert QUOTE.replace("*", "\\*") in front


def test_what_is_gone_is_told_of_and_not_ranked(snapshot: Snapshot) -> None:
    def weeks(before: int) -> tuple[WeekCount, ...]:
        return WeekCount("2026-W46", before, 48), WeekCount("2026-W47", 0, 48)

    sure = Gone("asked-1", ProblemKind.ASKED, "积分清零", weeks(14), Trend.DOWN, 0.001)
    maybe = Gone("asked-2", ProblemKind.ASKED, "挂失费用", weeks(3), Trend.UNKNOWN, None)
    found = gather(snapshot, W47, find=finds(a_problem(), gone=(sure, maybe)))
    front, annex = front_and_annex(found, ZH)
    assert "本周消失的问题" in front
    assert "积分清零（超出偶然波动）；另有 1 个可能只是偶然" in front
    assert "积分清零（客户常问）：2026-W46 还有 14/48 通，本周 0 通，超出偶然波动" in annex
    assert "挂失费用（客户常问）：2026-W46 还有 3/48 通，本周 0 通，通话太少，不能判断" in annex
    assert "| 1 | 复述完整卡号" in front
    assert not any("积分清零" in line for line in front.splitlines() if line.startswith("|"))
    assert (
        "积分清零 (often asked): 14 of 48 calls in 2026-W46, none this week"
        in front_and_annex(found, EN)[1]
    )


def test_every_format_says_the_same(snapshot: Snapshot) -> None:
    found = edited(snapshot)
    word = docx.Document(BytesIO(written(found, "docx", ZH)))
    texts = [p.text for p in word.paragraphs]
    texts += [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    show = pptx.Presentation(BytesIO(written(found, "pptx", ZH)))
    slides = [
        shape.text_frame.text for slide in show.slides for shape in slide.shapes
        if shape.has_text_frame
    ]  # fmt: skip
    notes = [s.notes_slide.notes_text_frame.text for s in show.slides if s.has_notes_slide]
    page = written(found, "html", ZH).decode()
    for said in ("复述完整卡号", "为了您的安全，只核对后四位", "还款日怎么改"):
        for where in ("\n".join(texts), "\n".join(slides), page):
            assert said in where
    assert "A1" not in "\n".join([*slides, *notes]).replace("c-A1-2026-W47-1", "")


@pytest.mark.parametrize("form", WRITERS)
def test_the_same_data_gives_the_same_bytes(snapshot: Snapshot, form: str) -> None:
    found = edited(snapshot)
    again = gather(Snapshot.open(snapshot.layout.db), W47, find=finds(a_problem(6), ASKED))
    assert written(found, form, ZH) == written(again, form, ZH)
    assert written(found, form, ZH) != written(found, form, Export("zh", date(2026, 11, 24)))


def test_english_is_english_but_for_what_comes_from_packs_and_people(snapshot: Snapshot) -> None:
    front, annex = front_and_annex(edited(snapshot), EN)
    assert "Reads out card numbers" in front
    assert "Agreed answer" in front
    assert "single agent" in front
    assert "What this stands on" in annex


def test_links_lead_to_the_moment_where_the_dashboards_address_is_known(snapshot: Snapshot) -> None:
    found = edited(snapshot)
    export = Export("zh", DAY, "http://callqa.example:8501/")
    quotes = [block for block in document(found, export).blocks if isinstance(block, Quote)]
    link = quotes[0].source[0].link  # type: ignore[union-attr]
    assert link == "http://callqa.example:8501/call?id=c-A1-2026-W47-1&segment=1"
    assert "01:12" in written(found, "md", ZH).decode()
    assert "href" not in written(found, "html", ZH).decode()


def test_a_cut_text_ends_with_a_whole_word_and_english_has_twice_the_letters() -> None:
    assert cut("请逐条核对。" * 20, 12) == "请逐条核对。请逐条核对…"
    assert cut("Answers that differ lead to misunderstandings", 24) == (
        "Answers that differ lead to…"
    )
    assert cut("Answers that differ", 12) == "Answers that differ"


def test_long_texts_are_cut_where_they_are_read_and_whole_in_the_annex(snapshot: Snapshot) -> None:
    long = "请逐条核对。" * 60
    Briefings(snapshot.people).save(
        "张", ("2026-W47", ""), BriefingText(problems=(ProblemText("p-card", answer=long),)), None
    )
    blocks = document(gather(snapshot, W47, find=finds(a_problem())), ZH).blocks
    front, annex = [block for block in blocks if isinstance(block, Callout)]
    assert len(str(front.text)) <= 130
    assert long in str(annex.text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BriefingText("客户电话13812345678"), "private data"),
        (BriefingText(problems=(ProblemText("p", note="坐席A1 讲得好"),)), "names the agent"),
        (BriefingText("好" * 601), "at most 600"),
        (
            BriefingText(
                actions=(TrainingAction("p", "n", Whom.ALL, (), "卡号6228480402564890018"),)
            ),
            "private data",
        ),
    ],
)
def test_what_is_read_aloud_names_nobody(snapshot: Snapshot, text: BriefingText, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        check(text, snapshot)


def test_sums_of_money_are_no_private_data(snapshot: Snapshot) -> None:
    check(BriefingText("每笔 5000 元以上要核实"), snapshot)


def test_an_unknown_format_names_those_there_are(snapshot: Snapshot) -> None:
    with pytest.raises(BadInput, match="unknown format 'xls'; choose one of: docx, pptx, html, md"):
        written(edited(snapshot), "xls", ZH)


@pytest.mark.parametrize("form", WRITERS)
def test_an_erasure_finds_the_call_in_a_file_that_was_written(
    db: Path, tmp_path: Path, form: str
) -> None:
    with Snapshot.open(db) as snapshot:
        found = edited(snapshot)
        contents = snapshot.contents()
    people, target = People.open(db), tmp_path / file_name(found, form, "zh")
    save(people, target, written(found, form, ZH), form)
    longer = replace(MOMENT, call_id="c-A1-2026-W47-10")
    other = gather(Snapshot.open(db), W47, find=finds(a_problem(moments=(longer,))))
    other = replace(other, good=())
    beside = tmp_path / f"other.{form}"
    save(people, beside, written(other, form, ZH), form)
    with Store.open(db) as store:
        done = remove_all(store, [contents["c-A1-2026-W47-1"]], "test")
    assert (done.counts["form"], target.exists()) == (1, False)
    assert beside.exists(), "it names another call, whose id begins alike"
    assert [copy for copy in Copies(people).all() if copy.path == str(target)] == []


def test_a_file_that_somebody_edited_is_told_of_not_deleted(db: Path, tmp_path: Path) -> None:
    with Snapshot.open(db) as snapshot:
        found, contents = edited(snapshot), snapshot.contents()
    target = tmp_path / "b.docx"
    save(People.open(db), target, written(found, "docx", ZH), "docx")
    word = docx.Document(str(target))
    word.add_paragraph("我加的一句")
    word.save(str(target))
    with Store.open(db) as store:
        done = remove_all(store, [contents["c-A1-2026-W47-1"]], "test")
    assert target.exists()
    assert any("b.docx" in line for line in done.by_hand)


def test_a_file_is_its_owners_alone(db: Path, tmp_path: Path) -> None:
    target = tmp_path / "b.md"
    save(People.open(db), target, b"x", "md")
    assert target.stat().st_mode & 0o077 == 0
    assert zipfile.is_zipfile(target) is False
