"""What is written on a package, as a person sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESCRIBE_SECONDS, Laboratory, shot, violations
from tests.written import jpeg, written

WAIT = DESCRIBE_SECONDS * 1000


@pytest.fixture
def lettered(laboratory: Laboratory) -> Iterator[str]:
    """A photograph with words, in a seizure that goes again."""
    client = laboratory.client
    seizure = client.post("seizures", json={"case_reference": "W-1"}).raise_for_status().json()["id"]
    picture = jpeg(written([("TOLTECA 57", (300, 150), 15), ("EXTRA", (420, 330), 180)]))
    sent = client.post(f"seizures/{seizure}/photographs", files={"files": ("words.jpg", picture)})
    yield sent.raise_for_status().json()["accepted"][0]["id"]
    client.delete(f"seizures/{seizure}").raise_for_status()


def test_words_are_outlined_corrected_and_found_elsewhere(page: Page, lettered: str) -> None:
    page.goto(f"/photographs/{lettered}")
    line = page.locator(".text-item", has_text="TOLTECA 57")
    expect(line).to_be_visible(timeout=WAIT)
    expect(page.locator(".text-outlines .text-line")).to_have_count(0)
    line.hover()
    expect(page.locator(".text-outlines .text-line")).to_have_count(1)
    shot(page, "texts-photograph")
    assert violations(page) == []
    page.get_by_role("button", name="Correct “TOLTECA 57”").click()
    page.get_by_role("textbox", name="It says").fill("TOLTECA 59")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".text-item", has_text="TOLTECA 59")).to_contain_text("it was read as “TOLTECA 57”")
    page.get_by_role("link", name="Find “TOLTECA 59” on other photographs").click()
    hit = page.locator(".text-hit")
    expect(hit).to_have_count(1)
    expect(hit.locator("mark")).to_have_text("TOLTECA 59")
    page.get_by_role("searchbox").fill("to1tega")
    expect(hit.locator("mark")).to_have_text(re.compile("TOLTE"))
    expect(hit.get_by_role("link")).to_have_text("W-1")
    shot(page, "texts-search")
    assert violations(page) == []
    page.get_by_role("searchbox").fill("quvaxeno")
    expect(page.get_by_role("heading", name="Nothing like “quvaxeno” was read on any photograph")).to_be_visible()
    page.get_by_role("button", name="Clear the words").click()
    expect(page.locator(".drop")).to_be_visible()


def test_a_line_is_written_down_and_deleted(page: Page, laboratory: Laboratory, lettered: str) -> None:
    polygon = [[20, 380], [200, 380], [200, 440], [20, 440]]
    page.goto(f"/photographs/{lettered}")
    # Nothing can be drawn before the photograph is described.
    expect(page.locator(".text-item")).to_have_count(2, timeout=WAIT)
    laboratory.client.post(f"photographs/{lettered}/marks", json={"polygon": polygon}).raise_for_status()
    page.reload()
    page.locator(".mark-item", has_text="drawn by a person").locator(".mark-pick").click()
    page.get_by_role("textbox", name="Write down what the chosen mark says").fill("faint 3")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".text-item", has_text="faint 3")).to_contain_text("written down by a person")
    page.get_by_role("button", name="Delete “faint 3”").click()
    expect(page.locator(".text-item")).to_have_count(2)
