"""The server is killed at bad moments. What it acknowledged is found afterwards; of the rest there is no half."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import psutil

from tests.indexer.pictures import photograph

PASSWORD = "kill me if you can"
CACHET = [sys.executable, "-c", "from api.cli import app; app()"]
BOUNDARY = "edge"


@dataclass
class Installation:
    """A data folder with a server that comes and goes, and what it has acknowledged."""

    folder: Path
    acknowledged: dict[int, str] = field(default_factory=dict)
    sent: set[str] = field(default_factory=set)

    @property
    def settings(self) -> dict[str, str]:
        return {
            **os.environ,
            "CACHET_DATA_FOLDER": str(self.folder / "data"),
            "CACHET_ADMIN_PASSWORD": PASSWORD,
            "CACHET_WORKERS": "1",
            "CACHET_LOG_FORMAT": "json",
            "CACHET_LOG_LEVEL": "warning",
        }

    @contextmanager
    def running(self) -> Iterator[Server]:
        """Start a server; if the test has not killed it, stop it as an administrator does."""
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [*CACHET, "serve", "--port", "0"], env=self.settings, stdout=subprocess.PIPE, stderr=log, text=True
            )
            assert process.stdout
            said = ""
            for line in process.stdout:
                said += line
                if found := re.search(r"at (http://\S+)", line):
                    break
            else:
                raise AssertionError(f"no server: {said}\n{(self.folder / 'log').read_text()}")
            address = found[1]
            with httpx2.Client(base_url=f"{address}/api/v1", headers={"X-Cachet": "1"}, timeout=60) as client:
                answer = client.post("/sign-in", json={"user_name": "administrator", "password": PASSWORD})
                assert answer.status_code == 200, answer.text
                try:
                    yield Server(self, process, client)
                finally:
                    killed = process.poll() == -signal.SIGKILL
                    process.terminate()
                    ended = process.wait(30)
                    process.stdout.close()
        if not killed:
            assert ended in (0, -signal.SIGTERM)
            assert "Traceback" not in (self.folder / "log").read_text()

    def originals(self) -> dict[str, bytes]:
        files = (path for path in (self.folder / "data" / "originals").rglob("*") if path.is_file())
        return {path.name: path.read_bytes() for path in files if path.name != "lock"}


@dataclass
class Server:
    """A running server."""

    installation: Installation
    process: subprocess.Popen[str]
    client: httpx2.Client

    def kill(self) -> None:
        """End it without a last word, and see that its workers end with it."""
        workers = psutil.Process(self.process.pid).children(recursive=True)
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        _, alive = psutil.wait_procs(workers, timeout=10)
        assert alive == []

    def new_seizure(self, reference: str) -> str:
        answer = self.client.post("/seizures", json={"case_reference": reference})
        assert answer.status_code == 201
        return str(answer.json()["id"])

    def upload(self, seizure: str, numbers: Sequence[int]) -> None:
        """Upload photographs of these designs, and note what is acknowledged."""
        files = [("files", (f"{number}.jpg", self.data(number))) for number in numbers]
        answer = self.client.post(f"/seizures/{seizure}/photographs", files=files)
        assert answer.status_code == 202
        for number, one in zip(numbers, answer.json()["accepted"], strict=True):
            self.installation.acknowledged[number] = one["id"]

    def data(self, number: int) -> bytes:
        data = photograph(number)
        self.installation.sent.add(hashlib.sha256(data).hexdigest())
        return data

    def begin_upload(self, seizure: str, numbers: Sequence[int]) -> socket.socket:
        """Send whole photographs and half of one more, and leave it at that."""
        parts = b"".join(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="{number}.jpg"\r\n\r\n'.encode()
            + self.data(number)
            + b"\r\n"
            for number in numbers
        )
        url = self.client.base_url
        cookie = "; ".join(f"{name}={value}" for name, value in self.client.cookies.items())
        head = (
            f"POST {url.path}seizures/{seizure}/photographs HTTP/1.1\r\nHost: {url.host}\r\nX-Cachet: 1\r\n"
            f"Cookie: {cookie}\r\nContent-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
            f"Content-Length: {10 * len(parts)}\r\n\r\n"
        )
        link = socket.create_connection((url.host, url.port))
        link.sendall(head.encode() + parts[: -len(self.data(numbers[-1])) // 2])
        return link

    def status(self) -> dict[str, Any]:
        told: dict[str, Any] = self.client.get("/status").json()
        return told

    def wait(self, until: Callable[[], bool]) -> None:
        for _ in range(1200):
            if until():
                return
            time.sleep(0.05)
        raise AssertionError(f"not so after 60 s: {self.status()}")

    def photographs(self) -> list[dict[str, Any]]:
        listed = self.client.get("/seizures", params={"limit": 200}).json()["items"]
        return [one for row in listed for one in self.client.get(f"/seizures/{row['id']}").json()["photographs"]]

    def check(self) -> None:
        """See that everything that is here is whole, and that everything acknowledged is here."""
        here = {one["sha256"]: one for one in self.photographs()}
        originals = self.installation.originals()
        assert set(originals) == set(here)
        assert all(hashlib.sha256(data).hexdigest() == name for name, data in originals.items())
        assert set(here) <= self.installation.sent
        assert set(self.installation.acknowledged.values()) <= {one["id"] for one in here.values()}


def test_what_was_acknowledged_is_found_and_nothing_is_half(tmp_path: Path) -> None:
    installation = Installation(tmp_path)

    # In the middle of an upload: some files are whole on the server, one is half, nobody was answered.
    with installation.running() as server:
        seizure = server.new_seizure("during upload")
        with server.begin_upload(seizure, [1, 2, 3]):
            server.wait(lambda: server.status()["photographs"] >= 1)
            server.kill()

    # At the very moment of the answer.
    with installation.running() as server:
        server.check()
        server.upload(server.new_seizure("at the answer"), [11, 12, 13, 14, 15])
        server.kill()

    # While a photograph is being described.
    with installation.running() as server:
        server.check()
        server.upload(server.new_seizure("during describing"), [21, 22, 23, 24])
        server.wait(lambda: any(one["state"] == "describing" for one in server.photographs()))
        server.kill()

    # When some are described and others are not.
    with installation.running() as server:
        server.check()
        seizure = server.new_seizure("between")
        server.upload(seizure, [31, 32, 33, 34, 35, 36])
        states = lambda: {one["state"] for one in server.client.get(f"/seizures/{seizure}").json()["photographs"]}  # noqa: E731
        server.wait(lambda: "ready" in states())
        server.kill()

    # While it starts again.
    with installation.running() as server:
        server.kill()

    with installation.running() as server:
        server.check()
        server.wait(lambda: server.status()["waiting"] == 0)
        assert {one["state"] for one in server.photographs()} == {"ready"}
        assert len(installation.acknowledged) == 15
        for number, key in installation.acknowledged.items():
            # Another photograph of the same design leads to the one that was acknowledged.
            answer = server.client.post("/searches", files={"file": ("query.jpg", photograph(number, 1))})
            assert answer.status_code == 201
            found = [hit["reference_photograph"]["id"] for hit in answer.json()["items"]]
            assert key in found, f"the photograph of design {number} is not found"
        jobs = server.client.get("/jobs", params={"limit": 50}).json()["items"]
        assert {job["state"] for job in jobs} <= {"done", "failed"}

    examined = subprocess.run(
        [*CACHET, "doctor"], env=installation.settings, capture_output=True, text=True, check=False
    )
    assert examined.returncode == 0, examined.stdout + examined.stderr
