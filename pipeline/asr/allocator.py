"""Freed memory stays with the process, so that the recogniser does not beg for it again and again.

CTranslate2 takes and frees some 100 MB for every layer of a batch. glibc hands blocks of that size
back to the system at once, and each comes back as zeroed pages, one page fault per 4 KiB: a third
of the encoder's CPU time, 17 % of a whole recognition (`python -m bench.asr_peaks`). With
one heap that never shrinks the pages are there already. The process keeps its peak until it ends.
"""

from __future__ import annotations

import ctypes
import sys

# <malloc.h> of glibc
TRIM_THRESHOLD, TOP_PAD, MMAP_MAX, ARENA_MAX = -1, -2, -4, -8
NEVER = 2**31 - 1
STEP = 64 << 20


def keep_freed_memory() -> bool:
    """Tell the allocator; False where it is not glibc, which changes nothing but speed.

    Call it before the model's threads exist: a thread keeps the heap that it began with.
    """
    if not sys.platform.startswith("linux"):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    # large blocks come from the heap of all threads, because the small ones of threads end at 64 MB
    wanted = {ARENA_MAX: 1, MMAP_MAX: 0, TRIM_THRESHOLD: NEVER, TOP_PAD: STEP}
    return all([mallopt(name, value) for name, value in wanted.items()])
