"""Router of the dashboard: pages, language, what the results rest on. Run by `callqa dashboard`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from dashboards import data, hearing, original, widgets
from dashboards.language import language, t
from pipeline.errors import CallqaError


@dataclass(frozen=True, slots=True)
class PageSpec:
    """A page: its URL and text key `page_<key>`, its icon, its file is `views/<key>.py`."""

    key: str
    icon: str

    @property
    def file(self) -> str:
        """Relative to this file, as Streamlit wants it."""
        return f"views/{self.key}.py"


ICON = Path(__file__).with_name("icon.png")
PAGES = (
    PageSpec("overview", ":material/monitoring:"),
    PageSpec("queue", ":material/checklist:"),
    PageSpec("call", ":material/headset_mic:"),
    PageSpec("sampling", ":material/casino:"),
)


def main() -> None:
    """Draw the frame and run the page that the URL names."""
    # A local icon: for a Material one the browser would ask a font server outside.
    st.set_page_config(page_title=t("product"), page_icon=str(ICON), layout="wide")
    widgets.style()
    pages = [
        st.Page(
            spec.file,
            title=t(f"page_{spec.key}"),
            icon=spec.icon,
            url_path=spec.key,
            default=spec is PAGES[0],
        )
        for spec in PAGES
    ]
    page = st.navigation(pages)
    widgets.sidebar()
    if st.query_params.get("lang", "zh") != language():
        st.query_params["lang"] = language()
    original.held(st.query_params.get("id") if page.url_path == "call" else None)
    try:
        if data.snapshot().refresh():
            hearing.forget_gone()
    except CallqaError as error:
        widgets.nothing_published(error)
        return
    widgets.results_line()
    page.run()


if __name__ == "__main__":
    main()
