"""The inspectors' dashboard: Streamlit pages over the published results. No logic of its own.

::

    callqa dashboard ─▶ launch.py ─▶ app.py (router, PAGES) ─▶ views/<page>.py (layout only)

    options.py      what it was started with      data.py      cached reads, reviews
    language.py     (call_)texts, names: zh, en    links.py     filters ↔ URL
    widgets.py      small native pieces           hearing.py   what may be heard
    markup.py       escaped pieces of HTML        reviews.py   forms of the inspector
    components/     table, tiles, transcript      charts.py, facts.py
"""
