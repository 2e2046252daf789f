"""A list of calls as a URL, there and back."""

from __future__ import annotations

from datetime import date

from dashboards.links import Listing, call_link, listing_of, params_of, queue_link
from pipeline.store import Filters


def test_filters_survive_the_url() -> None:
    filters = Filters(
        since=date(2026, 11, 1), team="一组", vetoed=False, severity="critical", text="保本 &x"
    )
    assert listing_of(params_of(filters)).filters == filters


def test_the_default_list() -> None:
    assert listing_of({"lang": "en", "team": ""}) == Listing()


def test_what_is_wrong_is_named() -> None:
    listing = listing_of({"vetoed": "maybe", "sort": "random", "page": "x", "rule": "greeting"})
    assert set(listing.ignored) == {"vetoed=maybe", "sort=random", "page=x"}
    assert listing.filters == Filters(rule="greeting")


def test_a_page_before_the_first_is_the_first() -> None:
    assert listing_of({"page": "-3"}).page == 1


def test_links_are_relative_and_quoted() -> None:
    assert call_link("c 1&2").href == "call?id=c+1%262"
    assert queue_link(Filters(team="一组"), scope="all").href.startswith("queue?team=%E4%B8%80")


def test_only_flagged_calls_are_wanted_unless_the_scope_says_all() -> None:
    assert listing_of({"team": "一组"}).wanted == Filters(team="一组", flagged=True)
    assert listing_of({"team": "一组", "scope": "all"}).wanted == Filters(team="一组")
