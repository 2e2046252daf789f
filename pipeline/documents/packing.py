"""Office files are zip archives that say when they were written; these say the day they are of."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from io import BytesIO

EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first moment a zip can say
NO_DAY = date(1980, 1, 1)  # of a workbook inside: it states none
CORE = "docProps/core.xml"
MOMENT = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def packed(data: bytes, made: date) -> bytes:
    """The same parts in the same order, as bytes that depend on nothing but them and `made`."""
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            part = source.read(name)
            if name == CORE:
                part = MOMENT.sub(rf"\g<1>{made:%Y-%m-%d}T00:00:00Z\g<3>".encode(), part)
            elif name.endswith(".xlsx"):
                part = packed(part, NO_DAY)
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            target.writestr(entry, part)
    return out.getvalue()
