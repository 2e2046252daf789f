"""callqa: from call recordings to checked, scored, explained calls."""

import os

# Calls are worked on side by side, a thread each. Threads of numpy's own inside these wait for one
# another in small products: 0.5 s of work became 13 s beside other load.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
