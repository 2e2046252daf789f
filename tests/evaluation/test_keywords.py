"""What survives of the phrases that rules look for."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.domain import Role
from pipeline.evaluation.keywords import PATTERN, PHRASE, Kept, Name, sought_by, survival
from pipeline.process import prepare
from pipeline.rules import RulePack, load_pack
from tests.builders import a_dialogue
from tests.evaluation.samples import a_pack


@pytest.fixture
def pack(tmp_path: Path) -> RulePack:
    return load_pack(a_pack(tmp_path / "ours.yaml"))


def kept(pack: RulePack, said: str, heard: str, *, by_role: bool = True) -> dict[Name, Kept]:
    texts = (prepare(a_dialogue(*text.split("/"))) for text in (said, heard))
    return survival(sought_by(pack), *texts, by_role=by_role)


def counts(found: Kept) -> tuple[int, int, int, int, int]:
    return found.said, found.written, found.found, found.lost, found.invented


def test_a_phrase_is_written_heard_by_its_sound_or_lost(pack: RulePack) -> None:
    said = "客服: 本次通话将被录音，工号一。/客户: 好。/客服: 工号二，工号三，再见。"
    heard = "客服: 本次同话降被录音，工号一。/客户: 好。/客服: 公号二，三，再建。"
    found = kept(pack, said, heard)
    assert counts(found[PHRASE, "本次通话将被录音"]) == (1, 0, 1, 0, 0), "by its sound"
    assert counts(found[PHRASE, "工号"]) == (3, 1, 1, 1, 0)
    assert counts(found[PHRASE, "再见"]) == (1, 0, 0, 1, 0), "an expression does not listen"
    assert found[PHRASE, "再见"].rules == {"a_rule"}


def test_what_an_expression_finds_in_other_words_survives(pack: RulePack) -> None:
    found = kept(pack, "客服: 感谢您的来电，录音。", "客服: 感谢来电，录因。")
    assert counts(found[PHRASE, "感谢您的来电"]) == (1, 0, 1, 0, 0)
    assert counts(found[PHRASE, "录音"]) == (1, 0, 1, 0, 0)
    assert set(found) == {(PHRASE, "感谢您的来电"), (PHRASE, "录音")}


def test_an_expression_with_gaps_is_named_by_its_label_and_shows_no_speech(pack: RulePack) -> None:
    found = kept(pack, "客服: 密码六六告诉我。密码告诉我。", "客服: 密码流流告诉我。")
    assert list(found) == [(PATTERN, "索要密码")]
    assert counts(found[PATTERN, "索要密码"]) == (2, 0, 1, 1, 0)


def test_what_nobody_said_is_invented(pack: RulePack) -> None:
    found = kept(pack, "客服: 再说。再见。", "客服: 再见。再见。密码告诉我。")
    assert counts(found[PHRASE, "再见"]) == (1, 1, 0, 0, 0)
    assert counts(found[PATTERN, "索要密码"]) == (0, 0, 0, 0, 1)


def test_a_phrase_counts_where_the_right_person_says_it(pack: RulePack) -> None:
    said, heard = "客户: 再见。我要挂失。", "客服: 再见。我要挂失。"
    assert set(kept(pack, said, said)) == {(PHRASE, "挂失")}
    assert counts(kept(pack, said, heard)[PHRASE, "挂失"]) == (1, 0, 0, 1, 0)
    anybody = kept(pack, said, heard, by_role=False)
    assert counts(anybody[PHRASE, "挂失"]) == (1, 1, 0, 0, 0)
    assert counts(anybody[PHRASE, "再见"]) == (1, 1, 0, 0, 0)


def test_a_built_in_pack_can_be_looked_for() -> None:
    sought = sought_by(load_pack("general"))
    assert len(sought) > 1000
    assert {one.role for one in sought} >= {Role.AGENT, Role.CUSTOMER}
    phrases = sum(not one.label for one in sought)
    assert 0.2 < phrases / len(sought) < 0.8, "phrases and patterns"
