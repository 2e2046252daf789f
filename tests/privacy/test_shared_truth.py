"""The development calls and public number pairs, where they are at hand."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

from pipeline.domain import CallInfo, Role, Segment, Transcript
from pipeline.privacy import find_private, mask
from pipeline.text import digits_view
from tests.builders import a_dialogue
from tests.shared_data import shared

PRIVATE = {"id": "id_card", "phone": "phone", "code": "otp"}
OF_THE_ACCOUNT = {  # of the sums that are marked: the others are prices, thresholds and wishes
    "一万两千六百五十块五毛", "八千三百二十六元四角", "八百三十二元六角四分", "六十八万四千三百元",
}  # fmt: skip


def _calls() -> list[tuple[Transcript, list[dict[str, Any]]]]:
    found = []
    for file in sorted(shared("calls").glob("*.json")):
        call = json.loads(file.read_text(encoding="utf-8"))
        segments = tuple(
            Segment(Role(each["role"]), each["text"], each["start"], each["end"])
            for each in call["segments"]
        )
        marks = [mark for mark in call["truth"]["marks"] if mark["kind"] == "digits"]
        found.append((Transcript(CallInfo(call["call_id"]), segments), marks))
    return found


def test_the_names_of_customers_are_found_and_nothing_else_in_words() -> None:
    found = {
        (transcript.info.call_id, span.kind, _raw(transcript, span.segment, span))
        for transcript, _ in _calls()
        for span in find_private(transcript)
        if span.kind not in (*PRIVATE.values(), "amount")
    }
    assert found == {
        ("c01_bank_card_loss", "name", "张建国"),
        ("c09_collection_abusive", "name", "赵志强"),
        ("c10_collection_compliant", "name", "孙立明"),
    }


def test_exactly_the_marked_private_numbers_are_found() -> None:
    for transcript, marks in _calls():
        expected = {
            (PRIVATE[mark["type"]], mark["segment"], mark["start_char"], mark["phrase"])
            for mark in marks
            if mark["type"] in PRIVATE
        }
        spans = find_private(transcript)
        quotes = {
            (each.kind, each.segment, each.start_char, _raw(transcript, each.segment, each))
            for each in spans
            if each.kind in PRIVATE.values()
        }
        assert quotes == expected, transcript.info.call_id


def test_sums_of_the_account_are_found() -> None:
    found = {
        _raw(transcript, span.segment, span)
        for transcript, _ in _calls()
        for span in find_private(transcript)
        if span.kind == "amount"
    }
    less_a_month = {"一千一百元"}  # what his instalment falls by, which is not marked
    assert found == OF_THE_ACCOUNT | less_a_month


def _raw(transcript: Transcript, segment: int, span: Any) -> str:
    return transcript.segments[segment].text[span.start_char : span.end_char]


def test_everything_else_stays_as_it_was() -> None:
    for transcript, marks in _calls():
        masked = mask(transcript, find_private(transcript))
        for mark in marks:
            if mark["type"] not in PRIVATE and mark["phrase"] not in OF_THE_ACCOUNT:
                start = mark["start_char"]
                quote = masked.quote(mark["segment"], start, start + len(mark["phrase"]))
                assert quote == mark["phrase"], transcript.info.call_id


def _pairs() -> list[tuple[str, str]]:
    pairs = []
    for name in ("cardinal.txt", "normalizer.txt"):
        for line in shared(f"tn_wetextprocessing_zh/{name}").read_text("utf-8").splitlines():
            spoken, _, written = line.partition(" => ")
            pairs.append((spoken.strip(), written.strip()))
    return pairs


def test_digit_strings_read_as_the_public_pairs_say() -> None:
    """Only lines whose number was said digit by digit: amounts and dates are none of ours."""
    digit_by_digit = re.compile(r"[^十百千万亿点年月分之兆]*")
    checked = 0
    for spoken, written in _pairs():
        runs = re.findall(r"[0-9]{4,}X?", written)
        if runs and digit_by_digit.fullmatch(spoken) and not re.search(r"\d[.:/]\d", written):
            assert [run.digits for run in digits_view(spoken).runs] == runs, spoken
            checked += 1
    assert checked >= 10


def test_phone_and_id_lines_of_the_public_pairs_are_found() -> None:
    wanted = {11: "phone", 18: "id_card"}
    checked = 0
    for spoken, written in _pairs():
        for run in re.findall(r"(?<![0-9])(?:1[3-9][0-9]{9}|[0-9]{17}[0-9X])(?![0-9])", written):
            kinds = [span.kind for span in find_private(a_dialogue(f"客户: {spoken}"))]
            assert kinds == [wanted[len(run)]], spoken
            checked += 1
    assert checked >= 5


def test_of_all_public_lines_only_private_ones_are_found_spoken_and_written() -> None:
    """Amounts, dates, times, fractions, measures and trains are not private."""
    files = sorted(shared("tn_wetextprocessing_zh").glob("*.txt"))
    lines = [line for file in files for line in file.read_text("utf-8").splitlines()]
    found: Counter[str] = Counter()
    for spoken, _, written in (line.partition(" => ") for line in lines):
        kinds = [
            [span.kind for span in find_private(a_dialogue(f"客户: {text.strip()}"))]
            for text in (spoken, written)
            if text.strip()
        ]
        assert all(kind == kinds[0] for kind in kinds), spoken
        found.update(kinds[0] if kinds else [])
    assert len(lines) > 280
    assert found == {"phone": 5, "id_card": 2, "plate": 3, "address": 1}
