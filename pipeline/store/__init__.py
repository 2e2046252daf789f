"""The store: one writer, many readers, nothing finished is ever lost. Masked text only.

::

    workers ── write_spool ──▶ FILE.d/spool/<sha256>.json        one small file per finished call
                                   │ Store.load_spool (bulk, idempotent by content hash)
                                   ▼
    callqa run ── Store ─────▶ FILE                              master DuckDB, one writing process
                                   │ Store.publish (copy, fsync, replace the pointer)
                                   ▼
                               FILE.d/published/v000042.duckdb   read-only copies, last 3 kept
                               FILE.d/published/CURRENT          name of the newest one
                                   ▲
    dashboards, export ─ Snapshot ─┘   (refresh() sees a newer CURRENT)
           │
           └─ People ────────▶ FILE.d/people.sqlite              SQLite WAL, append-only: reviews

Writing::

    with Store.open(Path("calls.duckdb")) as store:
        store.load_spool()                      # what an earlier, killed run left behind
        done = store.done()                     # content hash → Provenance: skip these
        run_id = store.start_run("recordings/")
        ...                                     # workers: write_spool(report, store.layout.spool)
        store.load_spool()
        store.record_failures(failures)
        store.finish_run({"recordings": 3}, exit_code=0)
        store.publish()

Reading::

    snapshot = Snapshot.open(Path("calls.duckdb"))    # share one; every method is thread-safe
    snapshot.refresh()                                # cheap: True when a newer version was opened
    table = snapshot.list_flagged(Filters(team="一组", severity="critical"), limit=50)
    page = snapshot.call("c-20261120-0007")
    own = snapshot.within(Scope(agent="A1024"))       # for this reader nothing else exists

Only this package imports duckdb.
"""

from pipeline.domain import Decision
from pipeline.store.acknowledgements import Acknowledgements
from pipeline.store.alarming import alarming, alerted, daily, daily_runs
from pipeline.store.appeals import Appeals, appealed
from pipeline.store.assignments import Assigned, Assignment, Assignments
from pipeline.store.briefings import Briefings, ReportsWritten
from pipeline.store.calibrations import Calibrations
from pipeline.store.cases import Cases, known_calls
from pipeline.store.chances import KINDS, ChanceTable, decided_findings, kind_of
from pipeline.store.copies import (
    AUDIO,
    FORMS,
    Copies,
    Copy,
    Gone,
    names_any,
    note_copy,
    take_out_of,
)
from pipeline.store.corrected_results import CorrectedResult, CorrectedResults
from pipeline.store.corrections import CorrectionDraft, Corrections
from pipeline.store.decided import Decided, ask_decided, decided_calls, findings_of
from pipeline.store.export import FORMATS, TABLES, export
from pipeline.store.filters import ABLE, CAPABILITIES, REVIEW_STATES, SORTS, Filters
from pipeline.store.holds import Held, HeldCalls, Hold, Holds, forget
from pipeline.store.labels import LabelDraft, Labels
from pipeline.store.layout import Layout
from pipeline.store.learned import (
    LearnedCalls,
    Said,
    count_flags,
    count_reasons,
    decided_turns,
    learned_calls,
    material,
    pack_contents,
    said_in,
)
from pipeline.store.levels import LevelChoice, LevelDraft, Levels
from pipeline.store.loader import ResultTables
from pipeline.store.lock import WriterLock
from pipeline.store.master import FileStamp, Store
from pipeline.store.onecall import StoredCall
from pipeline.store.passages import Passages, Span, said_at
from pipeline.store.people import People, Review, ReviewDraft
from pipeline.store.problems import ProblemAct, ProblemRegister, Topic
from pipeline.store.published import newest
from pipeline.store.removal import Candidate, Part, Removals, remains
from pipeline.store.rows import rows_of_result as result_rows
from pipeline.store.samples import Samples, agents_calls, candidates, sampled
from pipeline.store.scope import Scope
from pipeline.store.searched import chosen_calls, days_with_text, found_calls, texts_of_day
from pipeline.store.snapshot import Snapshot
from pipeline.store.spool import Spooled, read_spool, write_spool
from pipeline.store.sqlitefile import at_version, transaction
from pipeline.store.stored import StoredText
from pipeline.store.words import DecidedWord, Words

__all__ = [
    "ABLE",
    "AUDIO",
    "CAPABILITIES",
    "FORMATS",
    "FORMS",
    "KINDS",
    "REVIEW_STATES",
    "SORTS",
    "TABLES",
    "Acknowledgements",
    "Appeals",
    "Assigned",
    "Assignment",
    "Assignments",
    "Briefings",
    "Calibrations",
    "Candidate",
    "Cases",
    "ChanceTable",
    "Copies",
    "Copy",
    "CorrectedResult",
    "CorrectedResults",
    "CorrectionDraft",
    "Corrections",
    "Decided",
    "DecidedWord",
    "Decision",
    "FileStamp",
    "Filters",
    "Gone",
    "Held",
    "HeldCalls",
    "Hold",
    "Holds",
    "LabelDraft",
    "Labels",
    "Layout",
    "LearnedCalls",
    "LevelChoice",
    "LevelDraft",
    "Levels",
    "Part",
    "Passages",
    "People",
    "ProblemAct",
    "ProblemRegister",
    "Removals",
    "ReportsWritten",
    "ResultTables",
    "Review",
    "ReviewDraft",
    "Said",
    "Samples",
    "Scope",
    "Snapshot",
    "Span",
    "Spooled",
    "Store",
    "StoredCall",
    "StoredText",
    "Topic",
    "Words",
    "WriterLock",
    "agents_calls",
    "alarming",
    "alerted",
    "appealed",
    "ask_decided",
    "at_version",
    "candidates",
    "chosen_calls",
    "count_flags",
    "count_reasons",
    "daily",
    "daily_runs",
    "days_with_text",
    "decided_calls",
    "decided_findings",
    "decided_turns",
    "export",
    "findings_of",
    "forget",
    "found_calls",
    "kind_of",
    "known_calls",
    "learned_calls",
    "material",
    "names_any",
    "newest",
    "note_copy",
    "pack_contents",
    "read_spool",
    "remains",
    "result_rows",
    "said_at",
    "said_in",
    "sampled",
    "take_out_of",
    "texts_of_day",
    "transaction",
    "write_spool",
]
