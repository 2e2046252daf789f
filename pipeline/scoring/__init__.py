"""Findings → scorecard; the arithmetic with a worked example is in docs/scoring.md.

* A rule that passes, does not apply or is unsure costs nothing; one that passes may give a bonus.
* One fact counts once: of failed rules that share a fact only the heaviest costs; another one
  whose evidence it covers keeps its verdict, costs 0 and says why.
* `cap` is the most that a control point, with everything below it, can cost.
* Without weights the score is the base less what failed. With weights it is the weighted mean of
  the sections in which anything applies.
* A failed veto rule (一票否决) makes the score 0.
* `score` is the machine's card; `with_decisions` makes a second one, the person's.
"""

from __future__ import annotations

from pipeline.scoring.card import PackRef, score
from pipeline.scoring.decisions import DECIDED, with_decisions

__all__ = ["DECIDED", "PackRef", "score", "with_decisions"]
