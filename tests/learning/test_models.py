"""What a model reads, how it is kept, and how good the ones that ship are."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import yaml

from bench.learning import CASES, flag_cases, reason_cases
from pipeline.domain import Flag
from pipeline.errors import BadInput
from pipeline.learning import reason_name, reasons
from pipeline.learning.features import AGENT, WORD, Finder, Reader, Vocabulary, pairs_of
from pipeline.learning.files import FILE, SHIPPED, current, in_force, load, save, use, versions
from pipeline.learning.fitting import Examples, fit
from pipeline.learning.measuring import Share, figures, macro_f1, measure, said_by
from pipeline.learning.model import FLAGS, KINDS, REASONS, Model
from pipeline.learning.texts import TURN, Passage, fold, folded, opening
from pipeline.learning.weak import weak_flags, weak_reason, without_words
from tests.learning.site import seeds
from tests.shared_data import shared


def gram(text: str) -> int:
    number = 0
    for char in text:
        number = number << 16 | ord(char)
    return number


def test_pairs_and_triples_are_counted_exactly_and_not_over_turns() -> None:
    passages = [Passage(f"我要挂失{TURN}好", "挂失"), Passage(""), Passage("信用卡分期")]
    rows, ids = pairs_of(passages, Finder(("信用卡分期",)))
    wanted = Counter(
        [(0, gram(a + b)) for a, b in pairwise("我要挂失")]
        + [(0, gram("我要挂")), (0, gram("要挂失")), (0, gram("挂失") | AGENT)]
        + [(2, gram(a + b)) for a, b in pairwise("信用卡分期")]
        + [(2, gram(t)) for t in ("信用卡", "用卡分", "卡分期")]
        + [(2, WORD | 0)]
    )
    assert Counter(zip(rows.tolist(), ids.tolist(), strict=True)) == wanted


def test_a_character_of_two_code_units_shifts_nobody() -> None:
    rows, ids = pairs_of([Passage("𠮷野家"), Passage("挂失")], Finder(()))
    assert (1, gram("挂失")) in zip(rows.tolist(), ids.tolist(), strict=True)


def test_an_unknown_passage_is_an_empty_row_and_no_label_is_likely() -> None:
    vocabulary = Vocabulary(np.array([gram("挂失")]), np.ones(1), ())
    rows = Reader(vocabulary).rows([Passage("你好"), Passage("我要挂失")])
    assert np.diff(rows.indptr).tolist() == [0, 1]
    assert in_force(SHIPPED / "none", REASONS).chances([Passage("ξψ")]).max() == 0


def test_folding_drops_digits_and_masks() -> None:
    assert fold("卡号是6222****12，ＡＢ！") == "卡号是ab"


def test_an_opening_is_cut_and_keeps_the_sides_apart() -> None:
    said = [(0, "agent", "您好" * 300), (1, "customer", "我要挂失。"), (2, "unknown", "在吗")]
    found = opening(folded(said))
    assert found.customer == f"我要挂失{TURN}在吗"
    assert len(found.agent) == 400


@pytest.mark.parametrize("kind", KINDS)
def test_a_model_that_ships_is_small_and_says_what_it_is(kind: str) -> None:
    model = in_force(SHIPPED / "none", kind)
    assert (SHIPPED / kind / FILE).stat().st_size <= 1_000_000
    assert model.labels == tuple(reasons() if kind == REASONS else Flag)
    card = (SHIPPED / kind / "README.md").read_text(encoding="utf-8")
    assert model.id in card
    assert all(f"`{label}`" in card for label in model.labels)
    assert "Limits" in card


@pytest.mark.parametrize(("kind", "cases"), [(REASONS, reason_cases()), (FLAGS, flag_cases())])
def test_what_ships_is_better_on_held_out_words_than_the_word_lists(
    kind: str, cases: Examples
) -> None:
    model = in_force(SHIPPED / "none", kind)
    if kind == REASONS:
        words = [[weak_reason(one) == key for key in reasons()] for one in cases.passages]
    else:
        words = [[weak_flags(one)[flag] == 1 for flag in Flag] for one in cases.passages]
    by_words = macro_f1(np.array(words), cases.truth)
    assert measure(model, cases).macro_f1 > by_words


def test_nothing_that_ships_was_trained_on_what_it_is_measured_by() -> None:
    held_out = (CASES / "reasons.yaml").read_text(encoding="utf-8")
    calls = {fold(turn[2:]) for line in yaml.safe_load(held_out).values() for call in line
             for turn in call.split("|")}  # fmt: skip
    passages = yaml.safe_load((CASES / "flags.yaml").read_text(encoding="utf-8"))["passages"]
    calls |= {fold(turn[2:]) for own in passages.values() for one in own for turn in one.split("|")}
    phrases = {
        fold(phrase)
        for one in (*seeds(REASONS).values(), seeds(FLAGS))
        for own in one.values()
        for phrase in own
    }
    assert {phrase for phrase in phrases if len(phrase) > 4} & calls == set()


def test_every_reason_has_both_names_and_phrases() -> None:
    assert set(seeds(REASONS)) == set(reasons())
    names = [reason_name(key, language) for key in reasons() for language in ("zh", "en")]
    assert len(set(names)) == 2 * len(reasons())
    assert (reason_name(None, "zh"), reason_name("unsure", "en")) == ("不确定", "Unsure")


# ── training ─────────────────────────────────────────────────────────────────────────────────────


def two_reasons() -> tuple[tuple[str, ...], Examples]:
    labels = ("card_loss", "claim")
    told = [(k, p) for k, label in enumerate(labels) for p in seeds(REASONS)[label]["customer"]]
    truth = np.array([[k == 0, k == 1] for k, _ in told], np.int8)
    return labels, Examples([Passage(fold(p)) for _, p in told], truth, np.arange(len(told)))


def test_training_twice_gives_the_same_model() -> None:
    labels, examples = two_reasons()
    one, two = (fit(REASONS, "v", labels, examples, least=2) for _ in range(2))
    assert np.array_equal(one.weights, two.weights)
    assert np.array_equal(one.vocabulary.ids, two.vocabulary.ids)
    assert np.allclose(one.scale, two.scale)
    assert measure(one, examples).right.value > 0.7  # type: ignore[union-attr, operator]


@pytest.mark.parametrize("kind", KINDS)
def test_a_label_that_one_agent_alone_has_breaks_no_fold(kind: str) -> None:
    labels, examples = two_reasons()
    groups = np.where(examples.truth[:, 0] == 1, 0, 1 + np.arange(len(examples.groups)) % 7)
    model = fit(kind, "v", labels, Examples(examples.passages, examples.truth, groups), least=1)
    assert np.isfinite(model.chances(examples.passages)).all()


def test_a_feature_of_few_groups_is_not_kept() -> None:
    labels, examples = two_reasons()
    model = fit(REASONS, "v", labels, examples, least=3)
    rows, ids = pairs_of(examples.passages, Finder(model.vocabulary.words))
    groups = {i: len({r for r, j in zip(rows, ids, strict=True) if j == i})
              for i in model.vocabulary.ids.tolist()}  # fmt: skip
    assert min(groups.values()) >= 3


def test_figures_leave_out_what_nobody_knows() -> None:
    truth = np.array([[1, -1], [0, 1], [0, 0]], np.int8)
    said = np.array([[True, True], [False, True], [True, False]])
    examples = Examples([Passage("")] * 3, truth, np.arange(3))
    found = figures(FLAGS, ("complaint", "abuse"), said, said.astype(float), examples)
    assert [(one.precision, one.recall) for one in found.labels] == [
        (Share(1, 2), Share(1, 1)), (Share(1, 1), Share(1, 1)),
    ]  # fmt: skip
    assert found.right is None


def test_a_reason_is_said_only_when_it_is_likelier_than_not() -> None:
    model = in_force(SHIPPED / "none", REASONS)
    chances = np.zeros((2, len(model.labels)))
    chances[0, 3], chances[1, 5] = 0.49, 0.51
    assert said_by(model, chances).sum(axis=1).tolist() == [0, 1]


def test_weak_words_say_nothing_where_two_reasons_are_alike() -> None:
    assert weak_reason(Passage("我要退保")) == "surrender"
    assert weak_reason(Passage("我要挂失然后退保")) is None
    assert weak_reason(Passage("你好")) is None
    assert "退保" not in without_words(Passage("我要退保谢谢"), "surrender").customer


def test_who_complains_is_not_taken_for_content() -> None:
    found = weak_flags(Passage("我要投诉你们"))
    assert (found[Flag.COMPLAINT], found[Flag.DISSATISFACTION], found[Flag.ABUSE]) == (1, -1, 0)


def test_the_debtors_of_the_open_data_hardly_raise_a_flag() -> None:
    text = (shared("txt_collections_nlu_zh") / "nlu_expired.md").read_text(encoding="utf-8")
    parts = {p.splitlines()[0]: p.splitlines()[1:] for p in text.split("## intent:")[1:]}
    calm = [line[2:] for name, own in parts.items() if name != "refuse" for line in own if line]
    model = in_force(SHIPPED / "none", FLAGS)
    said = said_by(model, model.chances([Passage(fold(line)) for line in calm]))
    assert len(calm) > 80
    assert said.any(axis=1).mean() <= 0.1


# ── on disk ──────────────────────────────────────────────────────────────────────────────────────


def a_model(version: str = "v1") -> Model:
    labels, _ = two_reasons()
    vocabulary = Vocabulary(np.array([gram("挂失"), gram("理赔")]), np.ones(2), ("信用卡分期",))
    ones = np.ones(2)
    return Model(REASONS, version, labels, vocabulary, np.eye(2), ones, ones, ones * 0, ones / 2)


def test_a_model_comes_back_as_it_was_and_skops_finds_nothing_strange(tmp_path: Path) -> None:
    save(tmp_path, a_model(), "# card", {"kind": REASONS})
    found = load(tmp_path)
    passages = [Passage("我要挂失"), Passage("理赔")]
    assert np.array_equal(found.chances(passages), a_model().chances(passages))
    assert (found.id, found.labels, found.vocabulary.words) == (
        "reasons@v1", ("card_loss", "claim"), ("信用卡分期",),
    )  # fmt: skip
    from skops.io import get_untrusted_types
    from skops.io import load as skops_load

    assert get_untrusted_types(file=tmp_path / FILE) == []
    assert np.array_equal(skops_load(tmp_path / FILE)["bias"], found.bias)


def test_a_file_that_holds_anything_else_is_refused(tmp_path: Path) -> None:
    from skops.io import dump

    dump({"about": "{}", "ids": print}, tmp_path / FILE)
    with pytest.raises(BadInput, match="none of callqa's"):
        load(tmp_path)


def test_an_array_of_objects_is_not_read(tmp_path: Path) -> None:
    save(tmp_path, a_model(), "", {})
    with zipfile.ZipFile(tmp_path / FILE) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    schema = json.loads(parts["schema.json"])
    pickled = BytesIO()
    np.save(pickled, np.array([object()]), allow_pickle=True)
    parts[schema["content"]["bias"]["file"]] = pickled.getvalue()
    with zipfile.ZipFile(tmp_path / FILE, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    with pytest.raises(BadInput, match="cannot be read as a model"):
        load(tmp_path)


@pytest.mark.parametrize("data", [b"", b"no archive", b"PK\x03\x04 broken"])
def test_a_damaged_model_says_the_remedy(tmp_path: Path, data: bytes) -> None:
    (tmp_path / FILE).write_bytes(data)
    with pytest.raises(BadInput, match="callqa train use"):
        load(tmp_path)


def test_one_can_go_back_to_an_older_version(tmp_path: Path) -> None:
    for version in ("1", "2"):
        save(tmp_path / REASONS / version, a_model(version), "", {})
        use(tmp_path, REASONS, version)
    assert (versions(tmp_path, REASONS), in_force(tmp_path, REASONS).version) == (["1", "2"], "2")
    use(tmp_path, REASONS, "1")
    assert in_force(tmp_path, REASONS).version == "1"
    use(tmp_path, REASONS, None)
    assert current(tmp_path, REASONS) is None
    with pytest.raises(BadInput, match="there are: 1, 2, shipped"):
        use(tmp_path, REASONS, "3")
