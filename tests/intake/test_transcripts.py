from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pipeline.domain import Medium, Role
from pipeline.errors import BadTranscript
from pipeline.intake.transcripts import GivenTranscript, parse_transcript, read_transcripts

SHANGHAI = ZoneInfo("Asia/Shanghai")
TURN = {"role": "agent", "text": "您好", "start": None, "end": None}


def a_chat(**changes: Any) -> str:
    chat = {"call_id": "c-1", "channel": "chat", "segments": [TURN]} | changes
    return json.dumps({k: v for k, v in chat.items() if v is not ...}, ensure_ascii=False)


def test_a_chat_enters_with_its_metadata_and_without_times() -> None:
    given = parse_transcript(
        a_chat(agent={"id": "A1", "team": "一组"}, attributes={"queue": "x"}), "f", SHANGHAI
    )
    call = given.transcript
    assert (call.info.medium, call.info.agent.id, call.info.attributes) == (
        Medium.CHAT, "A1", {"queue": "x"},
    )  # fmt: skip
    assert call.segments[0].start is None
    assert call.capabilities == {"roles"}


def test_a_voice_transcript_keeps_times_and_words_that_fit_its_text() -> None:
    word = {"text": "您好", "start": 0.5, "end": 1, "confidence": 0.8}
    turn = TURN | {"start": 0.5, "end": 1.0, "words": [word]}
    call = parse_transcript(a_chat(channel="voice", segments=[turn]), "f", SHANGHAI).transcript
    assert call.capabilities == {"roles", "times", "overlap", "words", "confidence"}
    assert call.duration == 1.0
    silent = turn | {"words": [word | {"confidence": None}]}
    call = parse_transcript(a_chat(channel="voice", segments=[silent]), "f", SHANGHAI).transcript
    assert call.segments[0].words[0].confidence is None
    assert call.capabilities == {"roles", "times", "overlap", "words"}
    wrong = turn | {"words": [word | {"text": "再见"}]}
    call = parse_transcript(a_chat(channel="voice", segments=[wrong]), "f", SHANGHAI).transcript
    assert call.segments[0].words == ()


def test_levels_that_a_voice_transcript_carries_are_kept() -> None:
    turns = [TURN | {"level": -21.5}, TURN]
    call = parse_transcript(a_chat(channel="voice", segments=turns), "f", SHANGHAI).transcript
    assert [segment.level for segment in call.segments] == [-21.5, None]
    assert "loudness" in call.capabilities
    chat = parse_transcript(a_chat(segments=turns), "f", SHANGHAI).transcript
    assert (chat.segments[0].level, chat.capabilities) == (None, {"roles"})


def test_unknown_speakers_are_kept_and_said() -> None:
    call = parse_transcript(a_chat(segments=[TURN | {"role": "unknown"}]), "f", SHANGHAI).transcript
    assert call.segments[0].role is Role.UNKNOWN
    assert "roles" not in call.capabilities


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{not json", "is not JSON"),
        ("[1, 2]", "one object"),
        (a_chat(call_id=...), "`call_id` is missing"),
        (a_chat(segments=...), "`segments` is missing"),
        (a_chat(channel="fax"), "channel is 'fax'; known: 'voice' or 'chat'"),
        (a_chat(segments=[TURN | {"role": "boss"}]), "role is 'boss'; known: 'agent'"),
        (a_chat(segments=[TURN | {"text": 5}]), "segments.0.text"),
        (a_chat(segments=[TURN | {"level": 62.0}]), "segments.0.level"),
        (a_chat(segments=[]), "holds no text"),
        (a_chat(segments=[TURN | {"text": " "}]), "holds no text"),
        (a_chat(channel="voice", segments=[TURN | {"start": 5, "end": 1}]), "segment 0 ends at 1"),
        (a_chat(channel="voice", segments=[TURN | {"start": -1, "end": 1}]), "segments.0.start"),
    ],
)
def test_a_broken_transcript_names_the_place_and_the_choices(text: str, says: str) -> None:
    with pytest.raises(BadTranscript, match=says) as caught:
        parse_transcript(text, "chat.json", SHANGHAI)
    assert str(caught.value).startswith("chat.json")


def test_one_broken_line_does_not_stop_the_others(tmp_path: Path) -> None:
    log = tmp_path / "chats.jsonl"
    log.write_text(a_chat() + "\n{broken\n\n" + a_chat(call_id="c-2") + "\n", encoding="utf-8")
    items = list(read_transcripts(log, SHANGHAI))
    assert [type(item) for item in items] == [GivenTranscript, BadTranscript, GivenTranscript]
    assert str(items[1]).startswith("chats.jsonl, line 2: is not JSON")


def test_the_same_content_has_the_same_hash_in_any_layout() -> None:
    plain = parse_transcript(a_chat(), "f", SHANGHAI)
    indented = parse_transcript(json.dumps(json.loads(a_chat()), indent=3), "g", SHANGHAI)
    assert plain.sha256 == indented.sha256
    assert plain.sha256 != parse_transcript(a_chat(call_id="c-9"), "f", SHANGHAI).sha256
