from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from pipeline.audio import RATE, Decoder, render, same_signal
from pipeline.errors import BadRecording
from tests.sounds import a_tone, encode

FORMATS = [
    ("pcm.wav", "pcm_s16le", 8000, ""),
    ("eight-bit.wav", "pcm_u8", 8000, ""),
    ("alaw.wav", "pcm_alaw", 8000, ""),
    ("mulaw.wav", "pcm_mulaw", 8000, ""),
    ("call.mp3", "libmp3lame", 16000, ""),
    ("call.m4a", "aac", 16000, ""),
    ("call.opus", "libopus", 16000, ""),
    ("call.flac", "flac", 16000, ""),
    ("call.amr", "libopencore_amrnb", 8000, ""),
    ("raw.alaw", "pcm_alaw", 8000, "alaw"),
]
BY_SOUNDFILE = [
    ("gsm.wav", "WAV", "GSM610"),
    ("raw.gsm", "RAW", "GSM610"),
    ("v.ogg", "OGG", "VORBIS"),
]


def samples_of(path: Path, block: float = 600.0) -> np.ndarray:
    return np.concatenate([b.samples for b in Decoder(path, block).blocks()], axis=1)


@pytest.mark.parametrize(("name", "codec", "rate", "form"), FORMATS, ids=str)
def test_a_telephone_format_comes_out_as_16_khz_with_its_length_and_pitch(
    tmp_path: Path, name: str, codec: str, rate: int, form: str
) -> None:
    check_tone(encode(tmp_path / name, a_tone(2.0, rate), codec, rate=rate, form=form))


@pytest.mark.parametrize(("name", "form", "subtype"), BY_SOUNDFILE)
def test_gsm_and_vorbis_are_read_too(tmp_path: Path, name: str, form: str, subtype: str) -> None:
    path = tmp_path / name
    soundfile.write(path, a_tone(2.0, 8000), 8000, format=form, subtype=subtype)
    check_tone(path)


def check_tone(path: Path) -> None:
    samples = samples_of(path)
    assert samples.shape[0] == 1
    assert samples.shape[1] / RATE == pytest.approx(2.0, abs=0.15)
    spectrum = np.abs(np.fft.rfft(samples[0, RATE // 2 : RATE // 2 + RATE]))
    assert int(np.argmax(spectrum)) == pytest.approx(440, abs=3)


def test_stereo_keeps_its_sides_apart(tmp_path: Path) -> None:
    both = np.stack([a_tone(1, 8000, 300), a_tone(1, 8000, 900)])
    samples = samples_of(encode(tmp_path / "two.wav", both, "pcm_s16le"))
    peaks = [int(np.argmax(np.abs(np.fft.rfft(side[:RATE])))) for side in samples]
    assert peaks == [pytest.approx(300, abs=3), pytest.approx(900, abs=3)]


def test_a_long_recording_comes_in_blocks_cut_where_it_is_quiet(tmp_path: Path) -> None:
    speech = np.concatenate([np.append(a_tone(4), np.zeros(RATE, np.float32)) for _ in range(12)])
    path = encode(tmp_path / "long.wav", speech, "pcm_s16le", rate=RATE)
    blocks = list(Decoder(path, block=45.0).blocks())
    assert len(blocks) == 2
    assert max(block.samples.shape[1] for block in blocks) <= 45 * RATE
    assert sum(block.samples.shape[1] for block in blocks) == speech.size
    assert blocks[1].start == blocks[0].samples.shape[1] / RATE
    edge = np.concatenate([blocks[0].samples[0, -800:], blocks[1].samples[0, :800]])
    assert np.abs(edge).max() < 0.001, "the cut must fall into a pause"


def test_memory_does_not_grow_with_the_length_of_a_recording(tmp_path: Path) -> None:
    long = np.tile(a_tone(60, 8000), 20)
    path = encode(tmp_path / "long.wav", long, "pcm_alaw")
    largest = max(block.samples.nbytes for block in Decoder(path).blocks())
    assert largest <= 300 * RATE * 4


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "not a sound file"),
        (b"RIFF\x24\x00\x00\x00WAVE", "not a sound file"),
        ("您好，这不是录音。".encode() * 50, "not a sound file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "wrong.wav"),
    ],
    ids=["empty", "header only", "text", "picture"],
)
def test_what_is_no_recording_is_named_with_a_remedy(
    tmp_path: Path, content: bytes, says: str
) -> None:
    path = tmp_path / "wrong.wav"
    path.write_bytes(content)
    with pytest.raises(BadRecording, match=says) as caught:
        samples_of(path)
    assert str(caught.value).startswith("wrong.wav: ")
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize("name", ["notes.gsm", "notes.alaw"])
def test_text_under_the_name_of_a_headerless_format_is_not_decoded_to_noise(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_text("call list of Monday\n" * 400)
    with pytest.raises(BadRecording, match="not a sound file"):
        samples_of(path)


def test_a_recording_without_samples_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "none.wav"
    soundfile.write(path, np.zeros((0, 1)), 8000)
    with pytest.raises(BadRecording, match=r"none\.wav: holds no sound"):
        samples_of(path)


def test_a_cut_off_upload_is_noticed_by_its_header(tmp_path: Path) -> None:
    path = encode(tmp_path / "cut.wav", a_tone(10, 8000), "pcm_s16le")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])
    decoder = Decoder(path)
    list(decoder.blocks())
    assert decoder.damage.missing == pytest.approx(6.7, abs=0.2)


def test_a_mono_call_saved_as_stereo_is_seen_as_one_signal() -> None:
    tone = a_tone(1)
    assert same_signal(np.stack([tone, tone * 0.8]))
    assert not same_signal(np.stack([tone, a_tone(1, pitch=523)]))


def test_silenced_stretches_hold_no_sound(tmp_path: Path) -> None:
    path = encode(tmp_path / "call.wav", a_tone(3, 8000), "pcm_s16le")
    render(path, [(1.0, 2.0)], tmp_path / "out.wav")
    heard, rate = soundfile.read(tmp_path / "out.wav")
    assert rate == 8000
    assert np.abs(heard[rate : 2 * rate]).max() == 0
    assert np.abs(heard[: rate - 10]).max() > 0.2


def test_a_long_recording_to_listen_to_is_whole_and_silent_across_its_blocks(
    tmp_path: Path,
) -> None:
    minutes = np.tile(a_tone(1, 8000), 200)
    path = encode(tmp_path / "long.wav", np.stack([minutes, minutes]), "pcm_s16le")
    render(path, [(20.0, 190.0)], tmp_path / "out.wav")  # over the ends of several blocks
    heard, rate = soundfile.read(tmp_path / "out.wav")
    assert heard.shape == (200 * rate, 2)
    assert np.abs(heard[20 * rate : 190 * rate]).max() == 0
    for second in (*range(1, 19), *range(191, 199)):
        assert np.abs(heard[second * rate : (second + 1) * rate]).max() > 0.2


def test_nothing_is_lost_where_two_blocks_to_listen_to_meet(tmp_path: Path) -> None:
    path = encode(tmp_path / "long.wav", np.tile(a_tone(1, 8000), 200), "pcm_s16le")
    render(path, [], tmp_path / "out.wav")
    heard, rate = soundfile.read(tmp_path / "out.wav")
    given, _ = soundfile.read(path)
    assert rate == 8000
    np.testing.assert_allclose(heard[100:-100], given[100:-100], atol=0.01)
