"""The shortlist is held to a plain search that compares the query with everything."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from forensics.logo import D_GLOBAL, D_LOCAL, METHOD, LogoFeatures, compare, describe, whole
from indexer.shortlist import INDEXED, ShortlistParams, entries, id_range, numbers_of, shortlist
from indexer.vectors import FaissSpace
from tests.forensics.logo.designs import design, ground, photo, placed, warped

DESIGNS = 30


@dataclass
class PlainSpace:
    """All distances, sorted: slow and plainly right."""

    ids: np.ndarray
    vectors: np.ndarray
    inner: bool = False

    def search(self, vectors, k):
        if self.inner:
            values = -(vectors @ self.vectors.T)
        else:
            values = ((vectors[:, None].astype(float) - self.vectors[None]) ** 2).sum(axis=2)
        order = np.argsort(values, axis=1, kind="stable")[:, :k]
        found = np.take_along_axis(values, order, axis=1)
        return (-found if self.inner else found).astype(np.float32), self.ids[order]

    def __len__(self):
        return len(self.ids)


def seen(number, take):
    chance = np.random.default_rng([number, take])
    view = placed(float(chance.uniform(0, 360)), float(chance.uniform(0.5, 1.0)), (200, 150))
    picture = photo(warped(design(number), view, ground(number * 31 + take, 400, 300)))
    return describe(picture, whole(picture))


@pytest.fixture(scope="module")
def gallery():
    return {number + 1: seen(number, 0) for number in range(DESIGNS)}


def plain_spaces(marks):
    parts = [entries(number, features) for number, features in marks.items()]
    local = PlainSpace(
        np.concatenate([part.local_ids for part in parts]), np.concatenate([part.local_vectors for part in parts])
    )
    return local, PlainSpace(np.array(list(marks)), np.concatenate([part.vector for part in parts]), inner=True)


def faiss_spaces(marks):
    spaces = (
        FaissSpace(D_LOCAL, metric="squared_euclidean", dtype="uint8"),
        FaissSpace(D_GLOBAL, metric="inner_product", dtype="float16"),
    )
    for number, features in marks.items():
        part = entries(number, features)
        spaces[0].add(part.local_ids, part.local_vectors)
        spaces[1].add(np.array([number]), part.vector)
    return spaces


def test_keeps_the_first_of_a_plain_search_of_everything(gallery):
    spaces = faiss_spaces(gallery)
    kept = right = 0
    for number in range(DESIGNS):
        query = seen(number, 1)
        scores = {other: result.score for other, mark in gallery.items() if (result := compare(query, mark))}
        first = max(scores, key=scores.__getitem__)
        right += first == number + 1
        kept += first in [candidate.number for candidate in shortlist(query, *spaces, params=ShortlistParams(most=3))]

    assert right >= DESIGNS - 1
    assert kept >= DESIGNS - 1


def test_ranks_the_same_on_a_plain_space_and_on_faiss(gallery):
    query = seen(7, 1)

    plain = shortlist(query, *plain_spaces(gallery))
    fast = shortlist(query, *faiss_spaces(gallery))

    assert [c.number for c in plain[:5]] == [c.number for c in fast[:5]]
    assert [c.votes for c in plain] == pytest.approx([c.votes for c in fast], rel=1e-3)


def test_a_removed_mark_is_gone(gallery):
    spaces = faiss_spaces(gallery)
    spaces[0].remove_ranges([id_range(8)])
    spaces[1].remove(np.array([8]))

    assert 8 not in [candidate.number for candidate in shortlist(seen(7, 1), *spaces)]
    assert len(shortlist(seen(7, 1), *spaces)) == DESIGNS - 1


def test_ids_belong_to_their_mark_alone(gallery):
    for number in (1, 2, 2**31 - 1):
        part = entries(number, gallery[1])
        low, high = id_range(number)

        assert len(np.unique(part.local_ids)) == min(len(gallery[1]), INDEXED)
        assert ((part.local_ids >= low) & (part.local_ids < high)).all()
        assert (numbers_of(part.local_ids) == number).all()


def test_a_part_adds_its_vector_and_no_points(gallery):
    part = entries(5, replace(gallery[1], part=True))

    assert len(part.local_ids) == len(part.local_vectors) == 0
    assert part.vector.shape == (1, D_GLOBAL)


def test_many_points_alike_have_one_vote_for_a_mark():
    # A mark whose points are all alike, against one that shares three different points with the query.
    chance = np.random.default_rng(2)
    query = chance.integers(60, 200, (30, D_LOCAL), dtype=np.uint8)
    bursty = np.repeat(query[:1], 20, axis=0) + chance.integers(0, 3, (20, D_LOCAL), dtype=np.uint8)
    shared = np.concatenate([query[:3], chance.integers(60, 200, (17, D_LOCAL), dtype=np.uint8)])

    def features(local):
        return LogoFeatures(METHOD, np.ones((len(local), 4), np.float32), local, np.zeros(D_GLOBAL, np.float32))

    marks = {1: features(bursty), 2: features(shared)}
    marks |= {n: features(chance.integers(60, 200, (20, D_LOCAL), dtype=np.uint8)) for n in range(3, 9)}

    found = shortlist(features(query), *faiss_spaces(marks), params=ShortlistParams(neighbours=30))

    assert [candidate.number for candidate in found[:2]] == [2, 1]


def test_nothing_stored_and_nothing_asked(gallery):
    empty = (
        FaissSpace(D_LOCAL, metric="squared_euclidean", dtype="uint8"),
        FaissSpace(D_GLOBAL, metric="inner_product", dtype="float16"),
    )
    blank = photo(np.full((100, 100, 3), 128, np.uint8))

    assert shortlist(seen(1, 1), *empty) == []
    assert not any(candidate.votes for candidate in shortlist(describe(blank, whole(blank)), *faiss_spaces(gallery)))


def test_no_more_candidates_than_asked_for_best_first(gallery):
    found = shortlist(seen(3, 1), *faiss_spaces(gallery), params=ShortlistParams(most=7))

    assert len(found) == 7
    assert [candidate.score for candidate in found] == sorted((c.score for c in found), reverse=True)
