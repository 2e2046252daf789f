"""How much of what the machine allows the recogniser uses: encoder and decoder, one thread.

    python -m bench.asr_peaks [--batch 8] [--as-is]

Measured in one run: what one core does in 8-bit and in 32-bit matrix products of the encoder's own
shape (onnxruntime), how fast it reads memory, and how long CTranslate2 takes to encode a batch of
windows and to decode one step of it with the product's beam. The bound of a part is its operations
over the peak of their kind, or its bytes over the memory's speed, whichever is longer. Times are
CPU times. `--as-is`: without `keep_freed_memory` and `take_wide_vectors`.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import onnx
from onnx import TensorProto, helper

from pipeline import modelfiles
from pipeline.asr.allocator import keep_freed_memory
from pipeline.asr.vectors import take_wide_vectors
from pipeline.settings import Settings

WIDTH, INNER, LAYERS, WORDS = 512, 2048, 6, 51_865  # Whisper base
FRAMES, MELS, INPUT = 1500, 80, 3000
STEPS = 60
GIGA = 1e9


@dataclass(frozen=True, slots=True)
class Peaks:
    """Operations and bytes a second of one core."""

    int8: float
    float32: float
    memory: float


def best(run: Callable[[], object], times: int = 5) -> float:
    """The shortest CPU time of several runs, seconds: what one thread takes on a quiet core."""
    found = []
    for _ in range(times):
        began = time.process_time()
        run()
        found.append(time.process_time() - began)
    return min(found)


def peaks() -> Peaks:
    """What one core can do."""
    operations = 2 * FRAMES * WIDTH * INNER
    large = np.ones(64 << 20, np.float32)
    return Peaks(
        operations / best(_product("MatMulInteger"), 20),
        operations / best(_product("MatMul"), 20),
        large.nbytes / best(large.sum),
    )


def _product(kind: str) -> Callable[[], object]:
    """A product of the encoder's shape by onnxruntime; numpy's would take all cores."""
    import onnxruntime

    rng = np.random.default_rng(2)
    weights = rng.integers(-127, 127, (WIDTH, INNER), np.int8)
    sound = rng.integers(0, 255, (FRAMES, WIDTH), np.uint8)
    left, right, out = TensorProto.UINT8, TensorProto.INT8, TensorProto.INT32
    if kind == "MatMul":
        weights, sound = weights.astype(np.float32), sound.astype(np.float32)
        left = right = out = TensorProto.FLOAT
    graph = helper.make_graph(
        [helper.make_node(kind, ["a", "b"], ["y"])],
        "product",
        [helper.make_tensor_value_info("a", left, sound.shape)],
        [helper.make_tensor_value_info("y", out, (FRAMES, INNER))],
        [helper.make_tensor("b", right, weights.shape, weights.tobytes(), raw=True)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    return lambda: session.run(None, {"a": sound})


def encoder_bound(peak: Peaks) -> float:
    """Seconds of one window."""
    convolutions = 2 * 3 * WIDTH * (INPUT * MELS + FRAMES * WIDTH)
    projections = LAYERS * 2 * FRAMES * WIDTH * (4 * WIDTH + 2 * INNER)
    attention = LAYERS * 2 * 2 * FRAMES * FRAMES * WIDTH
    return projections / peak.int8 + (convolutions + attention) / peak.float32


def decoder_bound(peak: Peaks, windows: int, beam: int) -> float:
    """Seconds of one step of all windows and beams."""
    rows = windows * beam
    weights = LAYERS * WIDTH * (6 * WIDTH + 2 * INNER) + WORDS * WIDTH
    products = max(weights / peak.memory, 2 * rows * weights / peak.int8)
    keys = LAYERS * 2 * windows * FRAMES * WIDTH  # of the cross attention, 4 bytes each
    attention = max(4 * keys / peak.memory, 2 * beam * keys / peak.float32)
    return products + attention


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--as-is", action="store_true")
    options = parser.parse_args()
    if not options.as_is:
        keep_freed_memory()
        take_wide_vectors()
    import ctranslate2

    settings = Settings()
    beam = settings.asr.beam_size
    folder, _ = modelfiles.locate("base", settings.models_dir)
    model = ctranslate2.models.Whisper(
        str(folder), device="cpu", compute_type="int8", intra_threads=1, inter_threads=1
    )
    sound = np.random.default_rng(3).standard_normal((options.batch, MELS, INPUT))
    features = ctranslate2.StorageView.from_array(sound.astype(np.float32))
    encoded = model.encode(features)
    prompt = [[50258, 50260, 50359, 50363]] * options.batch  # transcribe Chinese, no timestamps

    def decode(steps: int) -> object:
        return model.generate(
            encoded, prompt, beam_size=beam, max_length=len(prompt[0]) + steps,
            suppress_tokens=[-1, 50257],
        )  # fmt: skip

    peak = peaks()
    print(f"one thread: int8 {peak.int8 / GIGA:.0f} GOP/s, float32 {peak.float32 / GIGA:.0f} "
          f"GFLOP/s, memory {peak.memory / GIGA:.1f} GB/s")  # fmt: skip
    faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    encoding = best(lambda: model.encode(features)) / options.batch
    faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - faults
    step = (best(lambda: decode(2 * STEPS), 3) - best(lambda: decode(STEPS), 3)) / STEPS
    print("| part | bound | measured | share of the bound |")
    print("| --- | ---: | ---: | ---: |")
    for name, bound, taken in (
        (f"encoder, a window of {options.batch}", encoder_bound(peak), encoding),
        (f"decoder, a step of {options.batch} x {beam}",
         decoder_bound(peak, options.batch, beam), step),
    ):  # fmt: skip
        print(f"| {name} | {1000 * bound:.0f} ms | {1000 * taken:.0f} ms | {bound / taken:.0%} |")
    print(f"page faults of the encoder: {faults}")


if __name__ == "__main__":
    main()
