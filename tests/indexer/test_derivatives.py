from __future__ import annotations

from pathlib import Path

import pytest

from indexer.derivatives import Derivatives

HASH = "ab" * 32


def test_kept_until_removed(tmp_path: Path) -> None:
    derivatives = Derivatives(tmp_path)
    assert derivatives.get(HASH, "640.webp") is None
    derivatives.put(HASH, "640.webp", b"small")
    derivatives.put("cd" * 32, "640.webp", b"other")
    assert derivatives.get(HASH, "640.webp") == b"small"
    derivatives.remove(HASH)
    derivatives.remove(HASH)
    assert derivatives.get(HASH, "640.webp") is None
    assert derivatives.get("cd" * 32, "640.webp") == b"other"


@pytest.mark.parametrize(("sha256", "name"), [(HASH, "../x"), (HASH, ""), (HASH, "A"), ("..", "x"), (HASH, ".x")])
def test_only_plain_names(tmp_path: Path, sha256: str, name: str) -> None:
    derivatives = Derivatives(tmp_path)
    with pytest.raises(ValueError, match="plain file name"):
        derivatives.get(sha256, name)
    with pytest.raises(ValueError, match="plain file name"):
        derivatives.put(sha256, name, b"x")
