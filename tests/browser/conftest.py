"""A served installation, a browser, and somebody who is signed in."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import httpx2
import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, sync_playwright

from tests.browser import drawn

ROOT = Path(__file__).resolve().parents[2]
ARTEFACTS = ROOT / "test-artefacts" / "browser"
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
USER, PASSWORD = "administrator", "a password for tests only"
START_SECONDS = 60
DESCRIBE_SECONDS = 120
STORE_SECONDS = 15


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass(frozen=True, slots=True)
class Served:
    """A running ``cachet serve``."""

    address: str
    process: subprocess.Popen[str]

    @contextmanager
    def client(self) -> Iterator[httpx2.Client]:
        """Sign in beside the browser, to look at what is stored."""
        address = f"{self.address}/api/v1/"
        with httpx2.Client(base_url=address, headers={"X-Cachet": "1"}, timeout=60) as client:
            client.post("sign-in", json={"user_name": USER, "password": PASSWORD}).raise_for_status()
            yield client


@contextmanager
def serve(folder: Path) -> Iterator[Served]:
    """Start ``cachet serve`` on a free port, and end it."""
    if not (ROOT / "api" / "page" / "index.html").is_file():
        pytest.skip("the page is not built: make setup")
    environment = {
        **os.environ,
        "CACHET_ADMIN_PASSWORD": PASSWORD,
        "CACHET_WORKERS": "1",
        "CACHET_LOG_LEVEL": "warning",
        "COLUMNS": "200",
    }
    log = (folder.parent / f"{folder.name}.log").open("w+")
    cachet = [sys.executable, "-c", "from api.cli import app; app()"]
    command = [*cachet, "serve", "--port", "0", "--data-folder", str(folder)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT, text=True)
    try:
        yield Served(_address(process, Path(log.name)), process)
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def _address(process: subprocess.Popen[str], log: Path) -> str:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        said = re.search(r"at (http://\S+)", log.read_text())
        if said:
            return said[1]
        if process.poll() is not None:
            break
        time.sleep(0.1)
    pytest.fail(f"expected a served address; found:\n{log.read_text()}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = os.environ.get("CACHET_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not found:
        pytest.skip("no Chromium is installed; install one, or name it in CACHET_CHROMIUM")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=arguments)
        yield browser
        browser.close()


@dataclass(frozen=True, slots=True)
class Laboratory:
    """An installation with two seizures that share a stamp, and their chemistry."""

    served: Served
    client: httpx2.Client
    pictures: Path
    seizures: dict[str, str]

    def seizure(self, reference: str) -> Any:
        """Give a seizure as it is stored."""
        return self.client.get(f"seizures/{self.seizures[reference]}").raise_for_status().json()


AMOUNTS = {
    "cocaine": 812_000.0,
    "levamisole": 43_100.0,
    "phenacetin": 21_000.0,
    "trans-cinnamoylcocaine": 16_800.0,
    "cis-cinnamoylcocaine": 14_100.0,
    "tropacocaine": 3_900.0,
}
EARLIER, LATER = "LAB-26-0114", "LAB-26-0222"


@pytest.fixture(scope="session")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    pictures = tmp_path_factory.mktemp("pictures")
    with serve(tmp_path_factory.mktemp("installation") / "data") as served, served.client() as client:
        seizures = {}
        for number, (reference, place) in enumerate([(EARLIER, "Antwerp"), (LATER, "Le Havre")]):
            facts = {
                "case_reference": reference,
                "date": f"2026-0{number + 1}-14",
                "substance": "cocaine",
                "place": place,
            }
            made = client.post("seizures", json=facts).raise_for_status().json()
            seizures[reference] = made["id"]
            amounts = {name: amount * (1 + number / 20) for name, amount in AMOUNTS.items()}
            if number:
                amounts["levamisole"] = 0
            values = [{"analyte": name, "value": amount} for name, amount in amounts.items()]
            profile = {"sample": "A1", "method": "GC-MS", "unit": "peak area", "values": values}
            client.post(f"seizures/{made['id']}/profiles", json=profile).raise_for_status()
            photographs = [
                drawn.photograph(pictures / f"star-{number}.jpg", drawn.star(), turn=0.5 + number, seed=number),
                drawn.photograph(pictures / f"anchor-{number}.jpg", drawn.anchor(), turn=2.1 * number, seed=number + 7),
            ]
            files = [("files", (path.name, path.read_bytes(), "image/jpeg")) for path in photographs]
            client.post(f"seizures/{made['id']}/photographs", files=files).raise_for_status()
            until_described(client)
        yield Laboratory(served, client, pictures, seizures)


def until_described(client: httpx2.Client) -> None:
    """Wait until no photograph waits."""
    end = time.monotonic() + DESCRIBE_SECONDS
    while client.get("status").raise_for_status().json()["waiting"]:
        if time.monotonic() > end:
            pytest.fail(f"expected every photograph described within {DESCRIBE_SECONDS} s; found some waiting")
        time.sleep(0.2)


@contextmanager
def opened(browser: Browser, served: Served, **options: Any) -> Iterator[Page]:
    """Open the page; in the end nothing may have gone wrong in its console."""
    context: BrowserContext = browser.new_context(
        base_url=served.address, **{"viewport": {"width": 1360, "height": 900}, "locale": "en-GB", **options}
    )
    context.set_default_timeout(20_000)
    page = context.new_page()
    wrong: list[str] = []

    def on_console(line: ConsoleMessage) -> None:
        # The browser itself reports every answer over 399 there; those are looked at where they are expected.
        if line.type == "error" and "Failed to load" not in line.text:
            wrong.append(line.text)

    def on_response(answer: Response) -> None:
        if answer.status >= 500:
            wrong.append(f"{answer.status} {answer.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("response", on_response)
    try:
        yield page
        assert not wrong
    finally:
        context.close()


def sign_in(page: Page, password: str = PASSWORD) -> None:
    """Fill the form that the page opens with, and send it."""
    page.get_by_label("User name").fill(USER)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


@pytest.fixture(scope="session")
def signed_in(chromium: Browser, laboratory: Laboratory) -> Any:
    """Sign in once; every test starts from the cookie."""
    with opened(chromium, laboratory.served) as page:
        page.goto("/")
        sign_in(page)
        page.get_by_role("link", name=LATER).wait_for()
        return page.context.storage_state()


@pytest.fixture
def page(chromium: Browser, laboratory: Laboratory, signed_in: Any) -> Iterator[Page]:
    with opened(chromium, laboratory.served, storage_state=signed_in) as page:
        page.goto("/")
        page.get_by_role("link", name=LATER).wait_for()
        yield page


def shot(page: Page, name: str) -> None:
    """Keep a picture of the screen."""
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"{name}.png", animations="disabled")


def drop(page: Page, selector: str, files: list[Path]) -> None:
    """Drop files from outside on an element, as a hand does."""
    parcels = [{"name": path.name, "bytes": list(path.read_bytes())} for path in files]
    transfer = page.evaluate_handle(
        """(parcels) => {
          const transfer = new DataTransfer();
          for (const { name, bytes } of parcels) transfer.items.add(new File([new Uint8Array(bytes)], name));
          return transfer;
        }""",
        parcels,
    )
    for event in ("dragenter", "dragover", "drop"):
        page.dispatch_event(selector, event, {"dataTransfer": transfer})


def violations(page: Page) -> list[str]:
    """Ask axe what of WCAG 2.2 AA the screen breaks."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: make setup")
    # Evaluated, not added to the document: the page's own policy rightly lets no script in.
    page.evaluate(AXE.read_text())
    found = page.evaluate(
        """async (levels) => {
          const { violations } = await axe.run(document, { runOnly: levels });
          return violations.flatMap(({ id, nodes }) =>
            nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")} ${failureSummary}`));
        }""",
        ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    )
    return [str(line) for line in found]


def eventually(condition: Callable[[], bool]) -> None:
    """Wait until what is stored is as told; the page saves a moment after the hand rests."""
    end = time.monotonic() + STORE_SECONDS
    while not condition():
        if time.monotonic() > end:
            pytest.fail(f"expected it to hold within {STORE_SECONDS} s; found that it does not")
        time.sleep(0.1)


def differ(one: bytes, other: bytes) -> bool:
    """Whether two screenshots of one place show different pictures."""
    pictures = [cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE) for data in (one, other)]
    return float(np.abs(pictures[0].astype(float) - pictures[1].astype(float)).mean()) > 0.5
