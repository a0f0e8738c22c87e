"""Several photographs of one mark, and what was dismissed, as a person sees it."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser import drawn
from tests.browser.conftest import EARLIER, LATER, Laboratory, drop, shot, violations

SEARCHED = 120_000


def test_several_photographs_are_searched_together(page: Page, laboratory: Laboratory, tmp_path: Path) -> None:
    before = laboratory.client.get("status").json()["photographs"]
    questions = [
        drawn.photograph(tmp_path / f"question-{turn}.jpg", drawn.anchor(), turn=turn, seed=30 + turn)
        for turn in (1, 2, 3)
    ]
    torn = tmp_path / "torn.jpg"
    torn.write_bytes(b"text")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Search").click()
    drop(page, ".drop", [questions[0]])
    expect(page.get_by_role("button", name="Draw a box")).to_be_visible()
    drop(page, ".drop-slim", [questions[1], torn])
    expect(page.locator(".several-one")).to_have_count(3)
    shot(page, "together-files")
    assert violations(page) == []
    page.get_by_role("button", name="Search together").click()
    expect(page.get_by_role("heading", name="2 photographs of one mark")).to_be_visible(timeout=SEARCHED)
    expect(page.get_by_role("alert")).to_contain_text("torn.jpg could not be searched with")
    first = page.locator(".joint").first
    expect(first).to_contain_text(re.compile(f"{EARLIER}|{LATER}"))
    expect(first.locator(".joint-photograph").first.locator(".joint-pairs > li")).to_have_count(2)
    shot(page, "together")
    assert violations(page) == []

    page.get_by_role("button", name="Leave out question-1.jpg").click()
    expect(page.get_by_text("Only one photograph is left.")).to_be_visible()
    expect(first.locator(".joint-photograph").first.locator(".joint-pairs > li")).to_have_count(1)
    drop(page, ".drop-slim", [questions[2]])
    expect(page.locator(".several-one", has_text="question-3.jpg")).to_be_visible(timeout=SEARCHED)
    pair = first.locator(".joint-pairs").first.get_by_role("link", name="question-3.jpg")
    pair.click()
    expect(page.get_by_role("heading", name="Hits of question-3.jpg")).to_be_visible()

    expect(page.get_by_role("button", name="Refute")).to_be_visible()
    page.keyboard.press("r")
    page.get_by_role("dialog").get_by_label("Reason").fill("The flukes are another press's.")
    page.get_by_role("dialog").get_by_role("button", name="Refute").click()
    said = page.locator(".dismissed .hit-dismissed").first
    expect(said).to_contain_text("Dismissed by Administrator on")
    expect(said).to_contain_text("The flukes are another press's.")
    shot(page, "dismissed")
    assert violations(page) == []
    page.keyboard.press("i")
    page.get_by_role("dialog").get_by_label("Reason").fill("Too worn to say.")
    page.get_by_role("dialog").get_by_role("button", name="Inconclusive").click()
    expect(page.locator(".dismissed")).to_have_count(0)
    assert laboratory.client.get("status").json()["photographs"] == before
