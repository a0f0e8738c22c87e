"""The space is held to a plain search over everything."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer.vectors import (
    Excluding,
    FaissSpace,
    IdRange,
    Saved,
    SpaceParams,
    SpaceUnusable,
    VectorsRefused,
)
from indexer.vectors.layout import Centres

SMALL = SpaceParams(steps=((400, 8), (3000, 32)), probes=32, sample=30)
"""Cut into lists early, and all of them looked into: exact at every size."""


class Plain:
    """Everything compared with everything: slow, and plainly right."""

    def __init__(self, metric: str) -> None:
        self.metric = metric
        self.rows: dict[int, NDArray[np.float64]] = {}

    def add(self, ids: NDArray[np.int64], vectors: NDArray[Any]) -> None:
        self.rows.update(zip(ids.tolist(), vectors.astype(np.float64), strict=True))

    def search(self, vectors: NDArray[Any], k: int, exclude: list[IdRange]) -> NDArray[np.float64]:
        """Return the values of the k best."""
        kept = [row for key, row in self.rows.items() if not any(low <= key < high for low, high in exclude)]
        if not kept:
            return np.empty((len(vectors), 0))
        all_rows = np.array(kept)
        if self.metric == "squared_euclidean":
            return np.sort(((vectors[:, None].astype(float) - all_rows[None]) ** 2).sum(-1), axis=1)[:, :k]
        return -np.sort(-(vectors.astype(float) @ all_rows.T), axis=1)[:, :k]


def draw(metric: str, chance: np.random.Generator, rows: int) -> NDArray[Any]:
    if metric == "squared_euclidean":
        return chance.integers(0, 256, (rows, 16)).astype(np.uint8)
    drawn = chance.normal(size=(rows, 16))
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), np.float16)


def space(metric: Any = "squared_euclidean", **options: Any) -> FaissSpace:
    dtype = "uint8" if metric == "squared_euclidean" else "float16"
    return FaissSpace(16, metric=metric, dtype=dtype, **{"params": SMALL, **options})


@pytest.mark.parametrize("metric", ["squared_euclidean", "inner_product"])
def test_it_finds_what_a_plain_search_finds(metric: str) -> None:
    chance = np.random.default_rng(5)
    fast, plain = space(metric), Plain(metric)
    lists = []
    for step in range(30):
        ids = np.unique(chance.integers(0, 6000, 250)).astype(np.int64)
        rows = draw(metric, chance, len(ids))
        fast.add(ids, rows)
        plain.add(ids, rows)
        if step % 3 == 2:
            gone = chance.integers(0, 6000, 100).astype(np.int64)
            there = [key for key in set(gone.tolist()) if plain.rows.pop(key, None) is not None]
            assert fast.remove(gone) == len(there)
            low = int(chance.integers(0, 5900))
            there = [key for key in plain.rows if low <= key < low + 60]
            for key in there:
                del plain.rows[key]
            assert fast.remove_ranges([(low, low + 60)]) == len(there)
        if step % 4 == 3:
            # In between, changes fall into the making of new lists.
            fast.settle()
        exclude = [(0, 500), (3000, 3500)] if step % 2 else []
        queries = draw(metric, chance, 5)
        values, found = fast.search(queries, 7, exclude=exclude)
        np.testing.assert_allclose(values, plain.search(queries, 7, exclude), rtol=1e-3, atol=1e-3)
        for query, row, ids_found in zip(queries, values, found, strict=True):
            for value, key in zip(row, ids_found.tolist(), strict=True):
                held = plain.rows[key]
                expected = ((query - held) ** 2).sum() if metric == "squared_euclidean" else query.astype(float) @ held
                assert value == pytest.approx(expected, rel=1e-3, abs=1e-3)
        assert fast.ids().tolist() == sorted(plain.rows)
        assert len(fast) == len(plain.rows)
        lists.append(fast.lists)
    fast.settle()
    lists.append(fast.lists)
    assert sorted(set(lists)) == [1, 8, 32]
    assert lists == sorted(lists)


def test_few_probes_still_find_most() -> None:
    chance = np.random.default_rng(6)
    centres = chance.integers(40, 216, (60, 16))
    rows = np.clip(centres[chance.integers(0, 60, 4000)] + chance.normal(0, 12, (4000, 16)), 0, 255).astype(np.uint8)
    fast, plain = space(params=SpaceParams(steps=((400, 32),), probes=4, sample=40)), Plain("squared_euclidean")
    fast.add(np.arange(4000), rows)
    fast.settle()
    assert fast.lists == 32
    plain.add(np.arange(4000), rows)
    queries = np.clip(rows[::80] + chance.normal(0, 4, (50, 16)), 0, 255).astype(np.uint8)
    nearest = fast.search(queries, 1)[0]
    assert np.isclose(nearest, plain.search(queries, 1, [])).mean() > 0.9


def test_an_id_again_replaces() -> None:
    chance = np.random.default_rng(1)
    here = space()
    old, new = draw("squared_euclidean", chance, 2)
    here.add(np.array([7]), old[None])
    here.add(np.array([7]), new[None])
    assert len(here) == 1
    values, ids = here.search(new[None], 2)
    assert ids.tolist() == [[7, -1]]
    assert values.tolist() == [[0.0, np.inf]]


@pytest.mark.parametrize(
    ("ids", "vectors"),
    [
        ([1], np.full((1, 16), np.nan)),
        ([1], np.full((1, 16), np.inf)),
        ([1], np.full((1, 16), -1.0)),
        ([1], np.full((1, 16), 256.0)),
        ([1], np.full((1, 16), 0.5)),
        ([1], np.zeros((1, 15))),
        ([1], np.zeros(16)),
        ([1, 2], np.zeros((1, 16))),
        ([3, 3], np.zeros((2, 16))),
        ([-1], np.zeros((1, 16))),
    ],
)
def test_what_cannot_be_right_is_refused_and_nothing_added(ids: list[int], vectors: NDArray[np.float64]) -> None:
    here = space()
    with pytest.raises(VectorsRefused):
        here.add(np.array(ids), vectors)
    assert len(here) == 0


def test_floating_point_takes_what_fits_sixteen_bits() -> None:
    here = space("inner_product")
    with pytest.raises(VectorsRefused, match="65,504"):
        here.add(np.array([1]), np.full((1, 16), 1e5))
    with pytest.raises(VectorsRefused):
        here.search(np.full((1, 16), np.nan), 1)
    with pytest.raises(VectorsRefused):
        here.search(np.zeros((1, 16)), 0)


def test_nothing_is_found_in_nothing() -> None:
    for metric, worst in (("squared_euclidean", np.inf), ("inner_product", -np.inf)):
        here = space(metric)
        values, ids = here.search(np.zeros((2, 16)), 3)
        assert (values == worst).all()
        assert (ids == -1).all()
        here.add(np.empty(0, np.int64), np.empty((0, 16)))
        assert here.remove(np.array([4])) == 0
        assert here.search(np.empty((0, 16)), 3)[1].shape == (0, 3)


def test_a_view_leaves_ids_out() -> None:
    here = space()
    here.add(np.arange(10), draw("squared_euclidean", np.random.default_rng(2), 10))
    view = Excluding(here, [(2, 5), (9, 20)])
    assert len(view) == 6
    assert set(view.search(np.zeros((1, 16), np.float32), 6)[1][0].tolist()) == {0, 1, 5, 6, 7, 8}


@pytest.mark.parametrize("rows", [0, 50, 1000])
def test_saved_and_loaded_it_is_the_same(tmp_path: Path, rows: int) -> None:
    chance = np.random.default_rng(3)
    here, again = space(), space()
    here.add(np.arange(rows) * 5, draw("squared_euclidean", chance, rows))
    here.settle()
    saved = here.save(tmp_path / "space")
    again.load(tmp_path / "space", saved)
    queries = draw("squared_euclidean", chance, 20)
    assert saved.rows == rows == len(again)
    assert again.lists == here.lists
    np.testing.assert_array_equal(again.ids(), here.ids())
    np.testing.assert_array_equal(again.search(queries, 3)[1], here.search(queries, 3)[1])
    assert (again.search(queries, 3)[1] >= 0).all() == (rows > 0)
    again.add(np.array([1]), queries[:1])
    assert again.remove_ranges([(0, 2)]) == min(rows, 1) + 1
    assert [path.name for path in tmp_path.iterdir()] == ["space"]


def test_it_goes_on_in_the_file_that_it_was_saved_to(tmp_path: Path) -> None:
    chance = np.random.default_rng(8)
    here, plain = space(), Plain("squared_euclidean")
    for step in range(6):
        ids = np.arange(step * 150, step * 150 + 300)
        rows = draw("squared_euclidean", chance, 300)
        here.add(ids, rows)
        plain.add(ids, rows)
        gone = np.arange(step * 100, step * 100 + 40)
        there = [key for key in gone.tolist() if plain.rows.pop(key, None) is not None]
        assert here.remove(gone) == len(there)
        here.settle()
        saved = here.save(tmp_path / f"space-{step}")
        # What is looked at lies in the file: its name may go, as when the next is saved.
        (tmp_path / f"space-{step - 1}").unlink(missing_ok=True)
        again = space()
        again.load(tmp_path / f"space-{step}", saved)
        queries = draw("squared_euclidean", chance, 10)
        for one in (here, again):
            assert one.ids().tolist() == sorted(plain.rows)
            np.testing.assert_allclose(one.search(queries, 7)[0], plain.search(queries, 7, []))
    assert here.lists == 8


def test_much_that_is_gone_hides_nothing_else(tmp_path: Path) -> None:
    here = space()
    here.add(np.arange(200), np.repeat(np.arange(200)[:, None], 16, axis=1))
    here.save(tmp_path / "space")
    assert here.remove_ranges([(0, 150)]) == 150
    values, ids = here.search(np.zeros((1, 16)), 3, exclude=[(151, 160)])
    assert ids.tolist() == [[150, 160, 161]]
    assert values.tolist() == [[16.0 * key * key for key in (150, 160, 161)]]


def test_many_centres_are_learnt_in_two_steps() -> None:
    chance = np.random.default_rng(7)
    params = SpaceParams(steps=((2000, 100),), probes=100, sample=20, flat=50, search_probes=10, assign_probes=4)
    here, plain = space(params=params), Plain("squared_euclidean")
    # A third of them are the same, as plain ground is: some cells have fewer different rows than centres.
    rows = draw("squared_euclidean", chance, 3000)
    rows[::3] = 7
    here.add(np.arange(3000), rows)
    plain.add(np.arange(3000), rows)
    here.settle()
    assert here.lists == 100
    queries = draw("squared_euclidean", chance, 20)
    np.testing.assert_allclose(here.search(queries, 5)[0], plain.search(queries, 5, []))


def test_any_altered_byte_is_noticed(tmp_path: Path) -> None:
    here = space()
    here.add(np.arange(20), draw("squared_euclidean", np.random.default_rng(4), 20))
    saved = here.save(tmp_path / "space")
    whole = (tmp_path / "space").read_bytes()
    for place in (0, 7, len(whole) // 2, len(whole) - 1):
        altered = bytearray(whole)
        altered[place] ^= 1
        (tmp_path / "space").write_bytes(altered)
        with pytest.raises(SpaceUnusable, match="corrupt"):
            space().load(tmp_path / "space", saved)
    (tmp_path / "space").write_bytes(whole[:-3])
    kept = space()
    kept.add(np.array([1]), np.zeros((1, 16)))
    with pytest.raises(SpaceUnusable, match="corrupt"):
        kept.load(tmp_path / "space", saved)
    assert len(kept) == 1


def test_a_missing_or_other_file_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(SpaceUnusable, match="missing"):
        space().load(tmp_path / "space", Saved("0" * 64, 1))
    other = FaissSpace(32, metric="squared_euclidean", dtype="uint8")
    other.add(np.arange(3), np.zeros((3, 32)))
    saved = other.save(tmp_path / "space")
    with pytest.raises(SpaceUnusable, match="stale"):
        space().load(tmp_path / "space", saved)
    with pytest.raises(SpaceUnusable, match="stale"):
        other.load(tmp_path / "space", Saved(saved.sha256, 4))
    (tmp_path / "space").write_bytes(b"no index")
    with pytest.raises(SpaceUnusable, match="cannot be read"):
        space().load(tmp_path / "space", Saved(hashlib.sha256(b"no index").hexdigest(), 1))


def test_searching_while_adding_and_growing() -> None:
    here = space()
    anchor = np.full((1, 16), 255, np.uint8)
    here.add(np.array([1_000_000]), anchor)
    failures: list[str] = []
    done = threading.Event()

    def search() -> None:
        while not done.is_set():
            values, ids = here.search(anchor, 1)
            if ids[0, 0] != 1_000_000 or values[0, 0] != 0:
                failures.append(f"{ids} {values}")

    searching = [threading.Thread(target=search) for _ in range(2)]
    for thread in searching:
        thread.start()

    def add(first: int) -> None:
        for step in range(20):
            ids = np.arange(100, dtype=np.int64) + first + step * 100
            here.add(ids, np.minimum(draw("squared_euclidean", np.random.default_rng(first + step), 100), 250))
            here.remove(ids[:10])

    adding = [threading.Thread(target=add, args=(first,)) for first in (0, 10_000)]
    for thread in adding:
        thread.start()
    for thread in adding:
        thread.join()
    done.set()
    for thread in searching:
        thread.join()
    assert failures == []
    here.settle()
    assert len(here) == 2 * 20 * 90 + 1
    assert here.lists == 32


def test_what_changes_while_lists_are_made_is_in_them(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(9)
    here, plain = space(), Plain("squared_euclidean")
    begun, go_on = threading.Event(), threading.Event()
    real = Centres.learnt

    def slowly(*arguments: Any, **options: Any) -> Centres:
        begun.set()
        assert go_on.wait(30)
        return real(*arguments, **options)

    monkeypatch.setattr(Centres, "learnt", slowly)
    first = draw("squared_euclidean", chance, 500)
    here.add(np.arange(500), first)
    plain.add(np.arange(500), first)
    assert begun.wait(30)
    # Searches and changes go on; one id is replaced, some are new, some go, and of the new some go again.
    ids = np.arange(480, 600)
    rows = draw("squared_euclidean", chance, 120)
    here.add(ids, rows)
    plain.add(ids, rows)
    for gone in (range(20), range(590, 595)):
        here.remove(np.array(gone))
        for key in gone:
            del plain.rows[key]
    queries = draw("squared_euclidean", chance, 10)
    expected = plain.search(queries, 5, [])
    assert here.lists == 1
    np.testing.assert_allclose(here.search(queries, 5)[0], expected)
    go_on.set()
    here.settle()
    assert here.lists == 8
    np.testing.assert_allclose(here.search(queries, 5)[0], expected)
    assert here.ids().tolist() == sorted(plain.rows)


def test_lists_that_cannot_be_made_leave_the_search_right(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def too_large(*arguments: Any, **options: Any) -> Centres:
        raise MemoryError

    monkeypatch.setattr(Centres, "learnt", too_large)
    here = space()
    rows = draw("squared_euclidean", np.random.default_rng(9), 500)
    for first in (0, 250):
        here.add(np.arange(first, first + 250), rows[first : first + 250])
    here.settle()
    here.add(np.array([900]), rows[:1])
    assert here.lists == 1
    assert here.search(rows[499:], 1)[1].tolist() == [[499]]
    assert [record.levelname for record in caplog.records] == ["ERROR"]
