"""Wide vectors (AVX-512) for CTranslate2, which takes them only when it is told to.

By itself it stays with AVX2: the first processors with AVX-512 slowed down under it. Those that
multiply 8-bit numbers in it are newer (AMD: Zen 4 and later). On Zen 5 the encoder takes 11 % less
CPU time, a whole recognition 5 % (`bench/README.md`).
"""

from __future__ import annotations

import os
from pathlib import Path

SETTING = "CT2_FORCE_CPU_ISA"  # CTranslate2's own; what somebody sets there stays
NEEDED = frozenset({"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl", "avx512_vnni"})
PROCESSOR = Path("/proc/cpuinfo")


def take_wide_vectors(processor: Path = PROCESSOR) -> bool:
    """Tell CTranslate2; False where the processor has none, or where the setting is made already.

    Call it before the first model is loaded: CTranslate2 looks once in a process.
    """
    if SETTING in os.environ or not _flags(processor) >= NEEDED:
        return False
    os.environ[SETTING] = "AVX512"
    return True


def _flags(processor: Path) -> frozenset[str]:
    """What the first processor can do; nothing where the system does not say (not Linux on x86)."""
    try:
        lines = processor.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return frozenset()
    flags = next((line for line in lines if line.startswith("flags")), "")
    return frozenset(flags.partition(":")[2].split())
