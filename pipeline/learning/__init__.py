"""Why people call and what their words show, learned from calls; words that jieba lacks.

::

    masked text ─ opening ─▶ Passage ─ features ─▶ Model (reasons) ─▶ reason, or unsure
                └ customer's turns ─▶ Passages ──▶ Model (flags) ──▶ complaint, dissatisfaction, …

    word lists, labels ─ material ─▶ Examples ─ fit ─▶ Model ─ measure ─▶ card ─▶ a version on disk
"""

from pipeline.learning.names import UNSURE, Reason, reason_name, reasons

__all__ = ["UNSURE", "Reason", "reason_name", "reasons"]
