from __future__ import annotations

import numpy as np
import pytest

from forensics.errors import ForensicsError
from forensics.toolmark.striated import METHOD, StriatedFeatures
from tests.forensics.toolmark.marks import STEP, trace


def features() -> StriatedFeatures:
    return StriatedFeatures(METHOD, trace(1).astype(np.float32), STEP, "light", 1.25, 0.5, 40, 0.75)


def test_packing_keeps_everything() -> None:
    mark = features()
    back = StriatedFeatures.from_bytes(mark.to_bytes())
    assert (back.method, back.spacing, back.kind, back.rows) == (mark.method, mark.spacing, mark.kind, mark.rows)
    assert (back.direction, back.coherence, back.agreement) == (1.25, 0.5, 0.75)
    np.testing.assert_allclose(back.profile, mark.profile, atol=float(np.ptp(mark.profile)) / 60_000)
    assert StriatedFeatures.from_bytes(back.to_bytes()).to_bytes() == back.to_bytes()
    assert len(mark.to_bytes()) == 63 + 2 * len(mark.profile)


def test_every_changed_byte_is_seen() -> None:
    packed = features().to_bytes()
    for place in (0, 4, 20, 60, 300, len(packed) - 1):
        changed = bytearray(packed)
        changed[place] ^= 1
        with pytest.raises(ForensicsError):
            StriatedFeatures.from_bytes(bytes(changed))
    with pytest.raises(ForensicsError, match="do not begin"):
        StriatedFeatures.from_bytes(packed[:20])
