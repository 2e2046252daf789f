"""The case library: passages of calls as examples, with the one answer that all shall give."""

from __future__ import annotations

import streamlit as st

from dashboards import casecard, caselist, library, widgets
from dashboards.language import t
from pipeline.errors import BadInput


def render() -> None:
    """Lay out the page: all of them, or the one that the address names."""
    asked = st.query_params.get("case")
    if asked is None:
        caselist.render()
        return
    try:
        seen = library.one(int(asked))
    except (BadInput, ValueError):
        widgets.title(t("case_unknown", n=asked))
        casecard.back()
        return
    casecard.render(seen)


render()
