"""What `callqa dashboard` serves: the pages of `app.py`, and `serving.py` beside them."""

from __future__ import annotations

from pathlib import Path

from streamlit.starlette import App

from dashboards.serving import routes

app = App(Path(__file__).with_name("app.py"), routes=routes())
