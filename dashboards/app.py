"""Router of the dashboard: pages, language, what the results rest on. Run by `callqa dashboard`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboards import data, hearing, original, sign_in, widgets
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
    PageSpec("search", ":material/search:"),
    PageSpec("alerts", ":material/notifications_active:"),
    PageSpec("agents", ":material/groups:"),
    PageSpec("sampling", ":material/casino:"),
    PageSpec("appeals", ":material/gavel:"),
    PageSpec("calibration", ":material/balance:"),
    PageSpec("cases", ":material/auto_stories:"),
    PageSpec("problems", ":material/hub:"),
    PageSpec("briefing", ":material/newspaper:"),
    PageSpec("rules", ":material/rule:"),
    PageSpec("admin", ":material/admin_panel_settings:"),
)


def main() -> None:
    """Draw the frame and run the page that the URL names, for whoever is signed in."""
    # A local icon: for a Material one the browser would ask a font server outside.
    st.set_page_config(page_title=t("product"), page_icon=str(ICON), layout="wide")
    widgets.style()
    person = sign_in.welcome()
    # Every page is known, also one that this role may not open: then the address stays as it is,
    # leads there after signing in, and says no more than an address that nobody made.
    mine = person.pages if person else ()
    pages = {spec.key: _page(spec, mine) for spec in PAGES}
    home = st.Page(_nothing, title=t("product"), default=True, visibility="hidden")
    page = st.navigation(
        [home, *pages.values()], position="sidebar" if person else "hidden", expanded=True
    )
    if person and page is home:
        st.switch_page(pages[mine[0]], query_params=st.query_params.to_dict())
    key = next((key for key, known in pages.items() if known is page), "")
    if person is None:
        original.release()
        sign_in.render()
        return
    widgets.sidebar(person)
    if st.query_params.get("lang", "zh") != language():
        st.query_params["lang"] = language()
    original.held(st.query_params.get("id") if key == "call" else None)
    try:
        if data.snapshot().refresh():
            hearing.forget_gone()
    except CallqaError as error:
        widgets.nothing_published(error)
        return
    widgets.results_line(person)
    if key in mine:
        page.run()
    else:
        widgets.no_page()


def _nothing() -> None:
    """The bare address, which leads to one's first page."""


def _page(spec: PageSpec, mine: Sequence[str]) -> StreamlitPage:
    """In the menu of those who may open it; the first of these is where they begin.

    None is Streamlit's default page: that one has no address of its own, only the bare one.
    """
    return st.Page(
        spec.file,
        title=t(f"page_{spec.key}"),
        icon=spec.icon,
        url_path=spec.key,
        visibility="visible" if spec.key in mine else "hidden",
    )


if __name__ == "__main__":
    main()
