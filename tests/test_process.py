from __future__ import annotations

import json
from dataclasses import asdict, replace

import numpy as np

from pipeline import scoring
from pipeline.asr import ChannelText
from pipeline.assembling import BesideWords, assemble
from pipeline.diarization import Voices
from pipeline.domain import (
    AudioFormat,
    CallInfo,
    CallReport,
    CardKind,
    Decision,
    Decisions,
    EngineInfo,
    LineSound,
    Medium,
    Note,
    Recording,
    Removed,
    Role,
    SoundKind,
    Transcript,
    Verdict,
    Word,
)
from pipeline.linesounds import Heard
from pipeline.oneoff import report_json, transcript_json
from pipeline.process import Packs, inspect, provenance_of
from tests.builders import a_dialogue
from tests.conftest import ROOT

FORMAT = AudioFormat("wav", "pcm_s16le", 8000, 2, 12.0)
ENGINE = EngineInfo("faster-whisper", "base", "905e", "cpu")


def said(channel: int, text: str, start: float) -> ChannelText:
    words = (Word(c, start + 0.2 * n, start + 0.2 * n + 0.2, 0.9) for n, c in enumerate(text))
    return ChannelText("k", channel, tuple(words))


def assembled(*texts: ChannelText, **info: object) -> Transcript:
    recording = Recording(CallInfo("c", **info), (ROOT / "x.wav",), "k", 1)  # type: ignore[arg-type]
    return assemble(recording, texts, FORMAT, ENGINE)


def inspected(transcript: Transcript, line: str = "bank") -> CallReport:
    pack = Packs().of(line)
    return inspect(transcript, pack, provenance_of("k", pack, "h"))


def test_stereo_is_merged_on_the_time_line_with_roles_and_capabilities() -> None:
    call = assembled(said(0, "您好请讲", 0), said(1, "我的卡丢了", 1.5), agent_channel=0)
    assert [(s.role, s.text) for s in call.segments] == [
        (Role.AGENT, "您好请讲。"),
        (Role.CUSTOMER, "我的卡丢了。"),
    ]
    assert call.capabilities == {"times", "words", "confidence", "stereo", "overlap", "roles"}
    assert (call.duration, call.notes) == (12.0, ())


def test_a_call_in_another_language_is_marked_and_left_to_a_person() -> None:
    english = replace(said(0, "Thank you for calling", 0), languages=(("en", 20.0), ("zh", 2.0)))
    call = assembled(english, said(1, "我想问一下", 9), agent_channel=0)
    assert (call.language, call.notes) == ("en", (Note.OTHER_LANGUAGE,))
    report = inspected(call)
    assert report.language == "en"
    verdicts = {check: f.verdict for f in report.findings for check in f.checks}
    assert verdicts["A1"] is verdicts["C1"] is Verdict.UNSURE
    assert report.scorecard.score == 100


def test_a_few_sentences_in_another_language_do_not_make_another_call() -> None:
    mixed = replace(said(0, "您好请讲", 0), languages=(("en", 5.0), ("zh", 6.0)))
    assert assembled(mixed).language == "zh"


def test_a_call_that_is_hard_to_hear_says_so() -> None:
    words = tuple(replace(word, confidence=0.5) for word in said(0, "您好请讲", 0).words)
    assert Note.HARD_TO_HEAR in assembled(ChannelText("k", 0, words)).notes


def test_a_wrong_agent_channel_is_noticed() -> None:
    greeting = said(0, "您好，这里是东方银行，工号1024，请问有什么可以帮您？", 0)
    call = assembled(greeting, said(1, "你们银行怎么回事，我要投诉", 9), agent_channel=1)
    assert Note.AGENT_CHANNEL_DOUBTED in call.notes
    assert call.roles is not None
    assert call.roles.contradicted


def test_a_silent_channel_is_noticed_and_the_other_is_known_by_its_words() -> None:
    greeting = said(1, "您好，这里是东方银行，工号1024，请问有什么可以帮您？", 0)
    call = assembled(ChannelText("k", 0, ()), greeting)
    assert call.notes == (Note.SILENT_CHANNEL,)
    assert call.segments[0].role is Role.AGENT
    assert "roles" in call.capabilities


def test_mono_has_unknown_speakers_and_no_overlap() -> None:
    call = assembled(said(0, "您好请讲", 0))
    assert call.segments[0].role is Role.UNKNOWN
    assert call.capabilities == {"times", "words", "confidence"}


def test_a_call_in_which_nobody_speaks_accuses_nobody() -> None:
    call = assembled(ChannelText("k", 0, ()), ChannelText("k", 1, ()), agent_channel=0)
    assert call.notes == (Note.NO_SPEECH,)
    report = inspected(call)
    verdicts = {finding.verdict for finding in report.findings}
    assert verdicts <= {Verdict.UNSURE, Verdict.NOT_APPLICABLE}
    assert report.scorecard.score == 100


def test_mono_is_unsure_of_what_only_the_agent_must_not_say() -> None:
    text = "您好，产品保本保息，稳赚不赔。您把短信验证码告诉我一下"
    report = inspected(assembled(said(0, text, 0)))
    verdicts = {check: f.verdict for f in report.findings for check in f.checks}
    assert (verdicts["C1"], verdicts["B5"]) == (Verdict.UNSURE, Verdict.UNSURE)
    assert verdicts["A2"] is Verdict.FAIL, "what nobody said, the agent did not say"


def test_a_report_holds_no_private_data_anywhere() -> None:
    call = a_dialogue(
        "客服: 请问您的手机号码是多少？",
        "客户: 幺三八，五七幺九，四零二六。",
        "客服: 身份证号是110101199003070070对吗？",
        "客户: 对，卡号6222021234567890128，验证码是482913。",
        medium=Medium.CHAT,
        attributes={"note": "回拨13857194026", "queue": "信用卡"},
    )
    report = inspected(call)
    kept = str(asdict(report))
    for secret in ("13857194026", "五七幺九", "199003070", "1234567890", "482913"):
        assert secret not in kept
    assert report.info.attributes["queue"] == "信用卡"
    kinds = {span.kind for span in report.private_spans}
    assert {"phone", "id_card", "bank_card", "otp"} <= kinds
    assert [len(s.text) for s in report.transcript.segments] == [len(s.text) for s in call.segments]


def test_every_failed_finding_says_why_and_shows_where() -> None:
    report = inspected(
        a_dialogue(
            "客服: 您好，这款产品保本保息，稳赚不赔。",
            "客户: 真的吗？",
            "客服: 您把短信验证码告诉我，我帮您办。",
            "客户: 好。",
        )
    )
    failed = [f for f in report.findings if f.verdict is Verdict.FAIL]
    assert {"C1", "B5"} <= {check for f in failed for check in f.checks}
    assert all(f.why and f.title and f.reference for f in failed)
    accused = [f for f in failed if {"C1", "B5"} & set(f.checks)]
    for finding in accused:
        (first, *_) = finding.evidence
        assert first.start is not None
        assert first.quote in report.transcript.segments[first.segment].text
    assert report.scorecard.score < 60


def test_what_a_person_judges_is_open_and_costs_the_machine_nothing() -> None:
    report = inspected(a_dialogue("客服: 您好。", "客户: 你好。", medium=Medium.CHAT))
    open_items = report.scorecard.human_items
    assert {item.item for item in open_items} >= {"service_attitude", "tone_of_voice"}
    assert all(item.level is None and not item.points for item in open_items)
    assert report.scorecard.kind is CardKind.MACHINE
    lost = sum(f.points for f in report.findings)
    assert report.scorecard.score == 100 + lost
    printed = report_json(report)
    assert printed["kind"] == "machine"
    assert printed["human_items"][0]["levels"] == {"优": 0, "良": -2, "中": -4, "差": -8}
    assert printed["human_items"][0]["level"] is None
    json.dumps(printed)


def test_a_person_decides_on_the_machines_result() -> None:
    report = inspected(a_dialogue("客服: 这款产品保本保息，稳赚不赔。", "客户: 真的吗？"))
    pack = Packs().of("bank")
    failed = {f.rule: Decision.REJECT for f in report.findings if f.verdict is Verdict.FAIL}
    decisions = Decisions(failed, levels={"service_attitude": "差", "facts_are_right": "有错误"})
    findings, card = scoring.with_decisions(pack.plan, pack, report.findings, decisions)
    assert (card.kind, card.score) == (CardKind.HUMAN, 84)
    assert not [f for f in findings if f.verdict is Verdict.FAIL]
    assert card.pack_hash == report.scorecard.pack_hash


RINGING = Heard(
    (LineSound(SoundKind.RINGBACK, 0.0, 6.0, 1, 0.95),), nobody=((0.0, 1.0), (5.0, 6.0))
)


def test_announcements_leave_the_text_and_are_kept_as_sounds() -> None:
    prompt = said(1, "您拨打的电话暂时无人接听请稍后再拨", 7)
    recording = Recording(CallInfo("c", agent_channel=0), (ROOT / "x.wav",), "k", 1)
    call = assemble(
        recording, [said(0, "喂您好", 12), prompt], FORMAT, ENGINE, (), BesideWords({1: RINGING})
    )
    assert [turn.text for turn in call.segments] == ["喂您好。"]
    assert [sound.kind for sound in call.sounds] == [SoundKind.RINGBACK, SoundKind.PROMPT]
    assert call.info.attributes == {"not_reached": True}
    assert inspected(call, "collection").sounds == call.sounds
    assert json.loads(json.dumps(transcript_json(call)))["sounds"][0] == {
        "kind": "ringback", "start": 0.0, "end": 6.0, "channel": 1,
        "confidence": 0.95, "detail": "",
    }  # fmt: skip


def test_a_machine_that_announces_the_recording_counts_as_notice() -> None:
    menu = said(0, "欢迎致电东方银行您的通话将被录音普通话请按一英文请按二", 0)
    call = assembled(menu, said(0, "您好工号一零二四", 11), said(1, "我的卡丢了", 15))
    assert call.info.attributes == {"ivr_recording_notice": True}
    known = assembled(menu, attributes={"ivr_recording_notice": False})
    assert known.info.attributes == {"ivr_recording_notice": False}  # the metadata know better


def test_words_where_only_a_tone_sounds_are_taken_out_and_counted() -> None:
    tone = Heard((LineSound(SoundKind.BUSY, 4.0, 9.0, 0, 0.9),), nobody=((4.0, 9.0),))
    recording = Recording(CallInfo("c"), (ROOT / "x.wav",), "k", 1)
    texts = [said(0, "再见", 1), said(0, "谢谢观看", 5)]
    call = assemble(recording, texts, FORMAT, ENGINE, (), BesideWords({0: tone}))
    assert [turn.text for turn in call.segments] == ["再见。"]
    assert call.removed == (Removed("line_sound", 5.0, 5.8, 0, 4),)


def test_voices_of_a_mono_call_become_turns_and_get_roles() -> None:
    agent = "您好，这里是东方银行，工号1024，请问有什么可以帮您？"
    customer = "你们银行怎么回事，我的卡被锁了，我要投诉。"
    text = said(0, agent + customer, 0)
    changes = len(agent) * 0.2
    places = np.array([[0.0, changes], [changes, len(agent + customer) * 0.2]])
    cosines = np.array([[0.8, 0.1], [0.1, 0.8]], np.float32)
    voices = Voices(2, 0.9, places, cosines, np.array([0, 1]))
    recording = Recording(CallInfo("c"), (ROOT / "x.wav",), "k", 1)
    call = assemble(recording, [text], FORMAT, ENGINE, (), BesideWords(voices=voices))
    assert [(s.role, s.speaker, s.text[:4]) for s in call.segments] == [
        (Role.AGENT, 0, "您好，这"),
        (Role.CUSTOMER, 1, "你们银行"),
    ]
    assert call.capabilities == {"times", "words", "confidence", "roles"}
    unsure = BesideWords(voices=replace(voices, confidence=0.4))
    alone = assemble(recording, [text], FORMAT, ENGINE, (), unsure)
    assert {s.role for s in alone.segments} == {Role.UNKNOWN}
