"""The day's work, from the click to the stored record."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import drawn
from tests.browser.conftest import (
    EARLIER,
    LATER,
    Laboratory,
    differ,
    drop,
    eventually,
    opened,
    serve,
    shot,
    sign_in,
    until_described,
    violations,
)


def test_first_steps_from_an_empty_page_to_described_photographs(chromium: Browser, tmp_path: Path) -> None:
    photographs = [drawn.photograph(tmp_path / "one.jpg", drawn.star(), turn=0.3, seed=1)]
    torn = tmp_path / "torn.jpg"
    torn.write_bytes(photographs[0].read_bytes()[:2000])
    with serve(tmp_path / "data") as served, opened(chromium, served) as page:
        page.goto("/")
        sign_in(page, "not the password")
        expect(page.get_by_role("alert")).to_be_visible()
        shot(page, "sign-in-refused")
        sign_in(page)
        expect(page.get_by_role("heading", name="Record your first seizure")).to_be_visible()
        shot(page, "empty")
        assert violations(page) == []

        drop(page, ".drop", [*photographs, torn])
        dialog = page.get_by_role("dialog", name="New seizure")
        dialog.get_by_label("Case reference").fill("LAB-26-0001")
        dialog.get_by_label("Date of the seizure").fill("2026-03-14")
        dialog.get_by_label("Substance").fill("cocaine")
        dialog.get_by_label("Country of the seizure").fill("Belgium")
        dialog.get_by_label("Place").fill("Antwerp")
        shot(page, "new-seizure")
        assert violations(page) == []
        dialog.get_by_role("button", name="Create and send 2 photographs").click()

        expect(page.get_by_role("heading", name="LAB-26-0001")).to_be_visible()
        refused = page.locator(".upload-refused")
        expect(refused).to_contain_text("torn.jpg")
        expect(refused).to_contain_text("Expected")
        expect(page.get_by_role("link", name="one.jpg")).to_be_visible()
        expect(page.locator(".photograph-tile")).to_contain_text(re.compile("mark"), timeout=60_000)
        shot(page, "uploaded")
        refused.get_by_role("button", name="Dismiss").click()
        expect(page.get_by_text("torn.jpg")).to_have_count(0)

        with served.client() as client:
            stored = client.get("seizures").json()["items"]
            assert [(one["case_reference"], one["country"], one["photographs"]) for one in stored] == [
                ("LAB-26-0001", "BE", 1)
            ]


def test_a_hit_is_seen_compared_in_every_way_and_decided(page: Page, laboratory: Laboratory) -> None:
    page.get_by_role("link", name=LATER).click()
    match = page.locator(".match", has_text=EARLIER)
    expect(match).to_contain_text("Logo")
    expect(match).to_contain_text("Chemistry")
    shot(page, "seizure")
    match.get_by_role("link", name="Compare the marks", exact=True).click()

    stage = page.locator(".stage").first
    expect(page.get_by_role("button", name="Side by side")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".compare-half img").first).to_be_visible()
    shot(page, "compare-side")
    assert violations(page) == []

    page.keyboard.press("m")
    expect(page.locator(".points-lines line").first).to_be_attached()
    assert page.locator(".stage").first.locator(".point").count() > 5
    shot(page, "compare-points")

    page.keyboard.press("b")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Blink", exact=True).last).to_be_visible()
    one = stage.screenshot()
    page.keyboard.press(" ")
    page.wait_for_timeout(100)
    assert differ(one, stage.screenshot())
    shot(page, "compare-blink")

    page.keyboard.press("o")
    slider = page.get_by_role("slider", name="How much of the query shows")
    slider.fill("0")
    reference_only = stage.screenshot()
    slider.fill("1")
    page.wait_for_timeout(100)
    assert differ(reference_only, stage.screenshot())
    slider.fill("0.5")
    shot(page, "compare-overlay")

    page.keyboard.press("w")
    expect(page.locator(".swipe-line")).to_be_visible()
    shot(page, "compare-swipe")
    page.keyboard.press("s")

    expect(page.get_by_text("Over 1 % in one and not in the other: levamisole")).to_be_visible()
    page.keyboard.press("c")
    page.get_by_role("dialog", name="Confirm").get_by_label("Reason").fill("The nicks of the ring agree one by one.")
    page.get_by_role("dialog").get_by_role("button", name="Confirm").click()
    expect(page.locator(".decision-history")).to_contain_text("The nicks of the ring agree one by one.")
    expect(page.locator(".decision-history")).to_contain_text("Administrator")
    shot(page, "compare-decided")

    comparison = page.url.split("/hits/")[1].split("?")[0]
    decisions = laboratory.client.get(f"comparisons/{comparison}").json()["decisions"]
    assert [(one["outcome"], one["reason"]) for one in decisions] == [
        ("confirmed", "The nicks of the ring agree one by one.")
    ]


def test_the_keyboard_goes_through_the_hits(page: Page, laboratory: Laboratory) -> None:
    photograph = laboratory.seizure(LATER)["photographs"][0]["id"]
    hits = laboratory.client.get(f"photographs/{photograph}/hits").json()["items"]
    assert len(hits) > 1
    page.goto(f"/photographs/{photograph}/hits")
    current = page.locator(".hit-current")
    expect(current).to_contain_text("1.")
    page.keyboard.press("j")
    expect(current).to_contain_text("2.")
    assert page.url.endswith(hits[1]["comparison_id"])
    page.keyboard.press("k")
    expect(current).to_contain_text("1.")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Next hit")
    shot(page, "keys")


def test_a_mark_is_drawn_moved_undone_and_redone(page: Page, laboratory: Laboratory) -> None:
    photograph = laboratory.seizure(EARLIER)["photographs"][0]

    def drawn_marks() -> list[list[list[float]]]:
        stored = laboratory.client.get(f"photographs/{photograph['id']}").json()
        return [mark["polygon"] for mark in stored["marks"] if mark["found_by"] == "person"]

    page.goto(f"/photographs/{photograph['id']}")
    stage = page.locator(".stage")
    expect(stage.locator("img")).to_be_visible()
    box = stage.bounding_box()
    assert box
    page.keyboard.press("b")
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.25)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.8, steps=6)
    page.mouse.up()
    chosen = page.locator(".mark-chosen.mark-person")
    expect(chosen).to_be_visible()
    (first,) = drawn_marks()
    assert len(first) == 4
    expect(page.get_by_role("heading", name="Hits of this mark")).to_be_visible()
    shot(page, "mark-drawn")
    assert violations(page) == []

    chosen.focus()
    page.keyboard.press("Shift+ArrowRight")
    eventually(lambda: drawn_marks() != [first])
    (moved,) = drawn_marks()
    assert moved[0][0] > first[0][0]
    assert moved[0][1] == first[0][1]

    page.get_by_role("button", name="Undo").click()
    eventually(lambda: drawn_marks() == [first])
    page.keyboard.press("Control+z")
    expect(page.locator(".mark-person")).to_have_count(0)
    assert drawn_marks() == []
    page.keyboard.press("Control+Shift+z")
    expect(page.locator(".mark-person")).to_have_count(1)
    assert drawn_marks() == [first]

    page.locator(".mark-pick", has_text="drawn by a person").click()
    page.keyboard.press("Delete")
    expect(page.locator(".mark-person")).to_have_count(0)
    assert drawn_marks() == []


def test_a_polygon_and_a_box_by_keyboard(page: Page, laboratory: Laboratory) -> None:
    photograph = laboratory.seizure(EARLIER)["photographs"][1]
    page.goto(f"/photographs/{photograph['id']}")
    stage = page.locator(".stage")
    expect(stage.locator("img")).to_be_visible()
    box = stage.bounding_box()
    assert box
    page.keyboard.press("p")
    for x, y in [(0.4, 0.3), (0.6, 0.35), (0.55, 0.6), (0.35, 0.55)]:
        page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
    page.keyboard.press("Enter")
    expect(page.locator(".mark-person")).to_have_count(1)
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    expect(page.locator(".mark-person")).to_have_count(2)
    page.keyboard.press("z")
    page.keyboard.press("z")
    expect(page.locator(".mark-person")).to_have_count(0)


def test_search_by_photograph_with_a_box(page: Page, laboratory: Laboratory, tmp_path: Path) -> None:
    before = laboratory.client.get("status").json()["photographs"]
    question = drawn.photograph(tmp_path / "question.jpg", drawn.star(), turn=1.9, seed=21)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Search").click()
    drop(page, ".drop", [question])
    stage = page.locator(".stage")
    expect(stage.locator("img")).to_be_visible()
    box = stage.bounding_box()
    assert box
    page.get_by_role("button", name="Draw a box").click()
    page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.1)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.95, steps=6)
    page.mouse.up()
    shot(page, "search")
    assert violations(page) == []
    page.get_by_role("button", name="Search with this box").click()
    expect(page.get_by_role("heading", name="Hits of question.jpg")).to_be_visible(timeout=60_000)
    first = page.locator(".hit").first
    expect(first).to_contain_text(re.compile(f"{EARLIER}|{LATER}"))
    shot(page, "search-hits")
    assert laboratory.client.get("status").json()["photographs"] == before


def test_chemistry_is_pasted_imported_and_taken_back(page: Page, laboratory: Laboratory) -> None:
    def samples() -> list[str]:
        return sorted(profile["sample"] for profile in laboratory.seizure(EARLIER)["profiles"])

    page.get_by_role("link", name=EARLIER).click()
    page.get_by_role("button", name="Type", exact=True).click()
    dialog = page.get_by_role("dialog", name="Type a chemical profile")
    dialog.get_by_label("Sample").fill("B2")
    dialog.get_by_label("Analyte 1").focus()
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/plain", "cocaine\\t700000\\nlevamisole\\t41,5\\n");
          const event = { clipboardData: data, bubbles: true, cancelable: true };
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", event));
        }"""
    )
    expect(dialog.get_by_label("Value 2")).to_have_value("41.5")
    shot(page, "chemistry-typed")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="B2")).to_be_visible()
    assert samples() == ["A1", "B2"]

    page.get_by_role("button", name="Import", exact=True).click()
    dialog = page.get_by_role("dialog", name="Import chemical profiles")
    table = dialog.get_by_label("Or paste the table")
    table.fill("sample,method,analyte,value,unit\nC3,GC-MS,cocaine,much,peak area")
    dialog.get_by_role("button", name="Import the pasted table").click()
    expect(dialog.get_by_role("alert")).to_contain_text("much")
    table.fill("sample,method,analyte,value,unit\nC3,GC-MS,cocaine,5,peak area\nC3,GC-MS,caffeine,1,peak area")
    dialog.get_by_role("button", name="Import the pasted table").click()
    expect(page.get_by_role("heading", name="C3")).to_be_visible()
    shot(page, "chemistry")
    assert violations(page) == []

    for sample in ("B2", "C3"):
        page.get_by_role("button", name=f"Delete the profile of {sample}").click()
        expect(page.get_by_role("heading", name=sample, exact=True)).to_have_count(0)
    page.get_by_role("status").get_by_role("button", name="Undo").last.click()
    expect(page.get_by_role("heading", name="C3")).to_be_visible()
    assert samples() == ["A1", "C3"]


def test_facts_are_edited_and_taken_back(page: Page, laboratory: Laboratory) -> None:
    page.get_by_role("link", name=EARLIER).click()
    page.get_by_role("button", name="Edit").click()
    dialog = page.get_by_role("dialog", name="Edit")
    dialog.get_by_label("Concealment").fill("behind the panels of a reefer")
    dialog.get_by_label("H1").check()
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text("behind the panels of a reefer")).to_be_visible()
    stored = laboratory.seizure(EARLIER)
    assert (stored["concealment"], stored["handling_code"]) == ("behind the panels of a reefer", "H1")
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(page.get_by_text("behind the panels of a reefer")).to_have_count(0)
    assert laboratory.seizure(EARLIER)["concealment"] == ""


def test_a_deleted_photograph_is_gone_everywhere(page: Page, laboratory: Laboratory, tmp_path: Path) -> None:
    path = drawn.photograph(tmp_path / "mistake.jpg", drawn.anchor(), turn=1.0, seed=33)
    files = [("files", (path.name, path.read_bytes(), "image/jpeg"))]
    laboratory.client.post(f"seizures/{laboratory.seizures[EARLIER]}/photographs", files=files).raise_for_status()
    until_described(laboratory.client)
    page.get_by_role("link", name=EARLIER).click()
    page.get_by_role("link", name="mistake.jpg").click()
    page.get_by_role("button", name="Delete", exact=True).first.click()
    page.get_by_role("dialog").get_by_role("button", name="Delete the photograph").click()
    expect(page.get_by_role("heading", name=EARLIER)).to_be_visible()
    expect(page.get_by_role("link", name="mistake.jpg")).to_have_count(0)
    assert "mistake.jpg" not in [one["file_name"] for one in laboratory.seizure(EARLIER)["photographs"]]


def test_a_lost_line_is_told_and_mended(page: Page) -> None:
    page.context.set_offline(True)
    page.get_by_label("Case, substance, place").fill("cocaine")
    notice = page.get_by_role("alert").filter(has_text="Cachet cannot be reached")
    expect(notice.first).to_be_visible()
    shot(page, "lost")
    page.context.set_offline(False)
    page.get_by_role("button", name="Try now").click()
    expect(notice).to_have_count(0)
    expect(page.get_by_role("link", name=LATER)).to_be_visible()


def test_nothing_is_shown_where_nothing_is(page: Page) -> None:
    page.get_by_label("Case, substance, place").fill("no such thing")
    expect(page.get_by_role("heading", name="Nothing found for")).to_be_visible()
    page.get_by_role("button", name="Show all seizures").click()
    expect(page.get_by_role("link", name=LATER)).to_be_visible()
    page.goto("/nowhere")
    page.get_by_role("link", name="Go to the seizures").click()
    expect(page.get_by_role("link", name=LATER)).to_be_visible()
    page.goto("/seizures/01a20264-0000-7000-8000-000000000000")
    expect(page.get_by_role("alert")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_screen_fits_a_narrow_phone_and_can_be_read_by_all(
    chromium: Browser, laboratory: Laboratory, scheme: str
) -> None:
    photograph = laboratory.seizure(LATER)["photographs"][0]["id"]
    comparison = laboratory.client.get(f"photographs/{photograph}/hits").json()["items"][0]["comparison_id"]
    screens = {
        "list": "/seizures",
        "seizure": f"/seizures/{laboratory.seizures[LATER]}",
        "photograph": f"/photographs/{photograph}",
        "hits": f"/photographs/{photograph}/hits",
        "comparison": f"/photographs/{photograph}/hits/{comparison}",
        "search": "/search",
        "together": f"/search/together?photograph={photograph}",
    }
    with opened(chromium, laboratory.served, viewport={"width": 360, "height": 740}, color_scheme=scheme) as page:
        page.goto("/")
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        assert violations(page) == []
        sign_in(page)
        page.get_by_role("link", name=LATER).wait_for()
        for name, address in screens.items():
            page.goto(address)
            page.get_by_role("heading", level=1).wait_for()
            page.wait_for_load_state("networkidle")
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, name
            assert violations(page) == [], name
            shot(page, f"narrow-{scheme}-{name}")


def test_the_first_load_is_light(chromium: Browser, laboratory: Laboratory) -> None:
    limit = 300_000
    comparison = f"/photographs/{laboratory.seizure(LATER)['photographs'][0]['id']}/hits"
    with opened(chromium, laboratory.served) as page:
        sizes: list[int] = []
        page.on(
            "requestfinished",
            lambda request: sizes.append(request.sizes()["responseBodySize"]) if "/assets/" in request.url else None,
        )
        page.goto(comparison)
        sign_in(page)
        page.get_by_role("button", name="Side by side").wait_for()
        assert 0 < sum(sizes) < limit
