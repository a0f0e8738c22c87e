from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from indexer.locks import Presence

HOLDER = """
import sys
from pathlib import Path
from indexer.locks import Presence
print(Presence(Path(sys.argv[1])).name, flush=True)
sys.stdin.read()
"""


def test_a_process_is_present_until_it_closes(tmp_path: Path) -> None:
    one, other = Presence(tmp_path), Presence(tmp_path)
    assert one.lives(one.name)
    assert one.lives(other.name)
    assert other.lives(one.name)
    other.close()
    assert not one.lives(other.name)
    assert not one.lives(None)
    assert not one.lives("somebody else")
    one.close()
    assert not one.lives(one.name)
    assert list(tmp_path.iterdir()) == []


def test_a_killed_process_is_gone(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [
            sys.executable,
            "-c",
            HOLDER,
            str(tmp_path),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout
    assert child.stdin
    name = child.stdout.readline().strip()
    here = Presence(tmp_path)
    assert here.lives(name)
    here.clear()
    assert here.lives(name)
    child.kill()
    child.wait()
    child.stdout.close()
    child.stdin.close()
    assert not here.lives(name)
    here.clear()
    assert [path.name for path in tmp_path.iterdir()] == [here.name]
    here.close()
