"""One tree of errors; every one of ours names the thing and the remedy.

::

    CallqaError
    ├── BadInput        the file, row, rule or argument is wrong: a person must mend it
    │   ├── BadRecording   a recording that cannot be decoded or holds no sound
    │   ├── BadMetadata    a metadata row or sidecar that cannot be understood
    │   ├── BadTranscript  a transcript JSON that does not keep the format
    │   ├── BadPack        a rule pack that does not keep its schema
    │   ├── BadSettings    a setting that cannot be used (also: no GPU where one was demanded)
    │   └── BadSeal        a sealed original that does not open
    ├── NotAllowed      a person may not do this
    ├── TryAgain        may pass by itself (a locked database, a file still being written)
    └── (anything else) our bug: reported with its class, never swallowed

`stage` says where on the line it happened: intake, decode, asr, privacy, rules, scoring, store,
vault, audit, people.
"""

from __future__ import annotations


class CallqaError(Exception):
    """Base of all errors that callqa raises on purpose."""

    stage = "run"


class BadInput(CallqaError):
    """Something given to us is wrong; the message says what and how to mend it."""

    stage = "intake"


class BadRecording(BadInput):
    """A recording that cannot be decoded or holds no sound."""

    stage = "decode"


class BadMetadata(BadInput):
    """A metadata row or sidecar file that cannot be understood."""

    stage = "metadata"


class BadTranscript(BadInput):
    """A transcript file that does not keep the format."""

    stage = "transcript"


class BadPack(BadInput):
    """A rule pack that does not keep its schema."""

    stage = "rules"


class BadSettings(BadInput):
    """A setting or option that cannot be used here."""

    stage = "settings"


class BadSeal(BadInput):
    """A sealed original that does not open; the message says which and why, never what is in it."""

    stage = "vault"


class NotAllowed(CallqaError):
    """The person at the terminal has no role that may do this."""

    stage = "people"


class TryAgain(CallqaError):
    """A condition that may pass by itself; the flow retries it."""

    stage = "store"
