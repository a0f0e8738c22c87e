from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from uuid import UUID

import numpy as np
import pytest
from sqlmodel import select

from forensics.errors import PhotoRefused, RegionRefused
from forensics.logo import LogoFeatures, compare
from indexer import Memory, comparison_detail, hits, ingest, marks, removal, search
from indexer.errors import NotFound
from indexer.records import Comparison, Mark, MarkFeatures, Photograph, User, new_key
from tests.indexer.pictures import photograph

Names = dict[str, UUID]


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Memory, Names]]:
    with Memory.open(tmp_path_factory.mktemp("stock") / "data", workers=2) as memory:
        names = {
            f"{number}-{take}": ingest.accept(
                memory, photograph(number, take), file_name=f"{number}-{take}"
            ).photograph_id
            for number in (1, 2, 3)
            for take in range(2)
        }
        ingest.run_until_empty(memory)
        yield memory, names


def test_every_photograph_finds_its_other_take_first(stocked: tuple[Memory, Names]) -> None:
    memory, names = stocked
    for number in (1, 2, 3):
        for take in range(2):
            found = search.search_photograph(memory, names[f"{number}-{take}"])
            assert found[0].reference_photograph.file_name == f"{number}-{1 - take}"
            standings = [hit.standing for hit in found]
            assert standings == sorted(standings, reverse=True)
            photographs = [hit.reference_photograph.id for hit in found]
            assert len(set(photographs)) == len(photographs)
            assert names[f"{number}-{take}"] not in photographs


def test_it_agrees_with_comparing_everything_with_everything(stocked: tuple[Memory, Names]) -> None:
    memory, names = stocked
    asked = names["1-0"]
    params = search.SearchParams(verify=1000, floor=2.0)
    fast = {
        hit.reference_photograph.id: hit.comparison.score
        for hit in search.search_photograph(memory, asked, params=params)
    }
    with memory.reading() as session:
        rows = session.exec(
            select(Mark.photograph_id, MarkFeatures.data).join(MarkFeatures, MarkFeatures.mark_id == Mark.id)  # type: ignore[arg-type]
        ).all()
    features = [(photograph_id, LogoFeatures.from_bytes(data)) for photograph_id, data in rows]
    slow: dict[UUID, float] = {}
    for photograph_id, own in features:
        for other_id, other in features:
            if photograph_id == asked and other_id != asked:
                result = compare(own, other)
                if result and result.score >= 2.0:
                    slow[other_id] = max(result.score, slow.get(other_id, 0.0))
    # The best pair of each photograph may be one of regions that were not compared: it is found all the same.
    assert set(fast) >= set(slow)
    assert max(fast, key=lambda key: fast[key]) == max(slow, key=lambda key: slow[key])
    assert all(score <= slow[photograph_id] + 1e-6 for photograph_id, score in fast.items() if photograph_id in slow)


def test_nothing_new_is_nothing_to_do(stocked: tuple[Memory, Names], monkeypatch: pytest.MonkeyPatch) -> None:
    memory, names = stocked
    before = search.search_photograph(memory, names["2-0"])

    def never(*args: object, **options: object) -> None:
        raise AssertionError("searched again")

    monkeypatch.setattr(hits, "_search", never)
    after = search.search_photograph(memory, names["2-0"])
    assert [hit.comparison.id for hit in after] == [hit.comparison.id for hit in before]


def test_a_pair_is_stored_once(stocked: tuple[Memory, Names]) -> None:
    memory, names = stocked
    for _ in range(2):
        search.search_photograph(memory, names["3-0"], params=search.SearchParams())
    with memory.reading() as session:
        rows = session.exec(select(Comparison.query_mark_id, Comparison.reference_mark_id)).all()
    assert len(set(rows)) == len(rows)


def test_a_hit_carries_the_picture_of_the_agreement(stocked: tuple[Memory, Names]) -> None:
    memory, names = stocked
    best = search.search_photograph(memory, names["1-0"])[0]
    detail = comparison_detail.unpack(best.comparison.detail)
    assert detail.transform is not None
    assert detail.query_points.shape == detail.reference_points.shape
    assert len(detail.query_points) >= 4
    assert best.comparison.measurements["inliers"] == len(detail.query_points)
    homogeneous = np.hstack([detail.query_points, np.ones((len(detail.query_points), 1))]) @ detail.transform.T
    laid_over = homogeneous[:, :2] / homogeneous[:, 2:]
    assert np.median(np.linalg.norm(laid_over - detail.reference_points, axis=1)) < 10


def test_the_limit_is_kept(stocked: tuple[Memory, Names]) -> None:
    memory, names = stocked
    assert len(search.search_photograph(memory, names["1-0"], limit=1)) == 1


def test_a_file_and_a_box_of_it(stocked: tuple[Memory, Names]) -> None:
    memory, names = stocked
    found = search.search_file(
        memory, photograph(2, 4), file_name="asked.jpg", polygon=[[0, 0], [320, 0], [320, 240], [0, 240]]
    )
    assert found.mark_id is not None
    assert {hit.query_mark.id for hit in found.hits} == {found.mark_id}
    assert {hit.reference_photograph.id for hit in found.hits[:2]} == {names["2-0"], names["2-1"]}


def test_a_box_is_drawn_once_and_says_by_whom(stocked: tuple[Memory, Names]) -> None:
    memory, names = stocked
    somebody = User(organisation_id=memory.home_id, user_name="somebody", password_hash="none")
    with memory.writing() as session:
        session.add(somebody)
    box = [[10.1, 10.1], [300.3, 10.0], [300.0, 220.0], [10.0, 220.0]]
    asked = [
        search.search_file(memory, photograph(3, 0), file_name="again", polygon=corners, drawn_by_id=somebody.id)
        for corners in (box, box, [[x + 1, y] for x, y in box])
    ]
    assert {one.photograph_id for one in asked} == {names["3-0"]}
    assert asked[0].mark_id == asked[1].mark_id != asked[2].mark_id
    assert [hit.comparison.id for hit in asked[0].hits] == [hit.comparison.id for hit in asked[1].hits]
    with memory.reading() as session:
        drawn = [session.get_one(Mark, one.mark_id) for one in asked]
    assert {mark.drawn_by_id for mark in drawn} == {somebody.id}
    for mark in {mark.id for mark in drawn}:
        marks.remove(memory, mark)


def test_a_known_photograph_is_not_its_own_hit(stocked: tuple[Memory, Names]) -> None:
    memory, names = stocked
    found = search.search_file(memory, photograph(3, 0), file_name="again.jpg")
    assert (found.already_known, found.photograph_id) == (True, names["3-0"])
    assert found.hits[0].reference_photograph.id == names["3-1"]


def test_a_box_beside_the_photograph_keeps_nothing(stocked: tuple[Memory, Names]) -> None:
    memory, _ = stocked
    with pytest.raises(RegionRefused):
        search.search_file(memory, photograph(8), file_name="x.jpg", polygon=[[900, 900], [950, 900], [950, 950]])
    with memory.reading() as session:
        assert session.exec(select(Photograph).where(Photograph.file_name == "x.jpg")).all() == []


def test_what_is_not_there_is_told(stocked: tuple[Memory, Names]) -> None:
    memory, _ = stocked
    for ask in (search.search_photograph, search.search_mark):
        with pytest.raises(NotFound):
            ask(memory, new_key())
    with pytest.raises(PhotoRefused):
        search.search_file(memory, b"nothing", file_name="x")


def dealt(verify: int, *lists: list[int]) -> list[list[int]]:
    return hits._best(lists, search.SearchParams(verify=verify, whole_part=0.5))


def test_what_is_compared_is_shared_between_the_whole_and_its_regions() -> None:
    assert dealt(4, [1, 2, 3, 4], [5, 6], [7, 8]) == [[1, 2], [5], [7]]
    # Nothing is compared twice, and nothing that could be is left out.
    assert dealt(6, [1, 2, 3, 4], [1, 5], [5, 2]) == [[1, 2, 3, 4], [], [5]]
    assert dealt(100, [1, 2], [], [3, 4, 5]) == [[1, 2], [], [3, 4, 5]]
    assert dealt(3, [1, 2, 3, 4]) == [[1, 2, 3]]
    assert dealt(3) == []


def test_what_is_deleted_during_a_search_costs_no_other_hit(
    stocked: tuple[Memory, Names], monkeypatch: pytest.MonkeyPatch
) -> None:
    memory, names = stocked
    gone = ingest.accept(memory, photograph(1, 7), file_name="gone").photograph_id
    ingest.run_until_empty(memory)
    plain = hits._compare

    def compare_and_delete(pair: hits._Pair, **options: object) -> object:
        result = plain(pair, **options)  # type: ignore[arg-type]
        if pair.reference.photograph_id == gone:
            with suppress(NotFound):
                removal.remove_photograph(memory, gone)
        return result

    monkeypatch.setattr(hits, "_compare", compare_and_delete)
    asked = ingest.accept(memory, photograph(1, 8), file_name="asked").photograph_id
    ingest.run_until_empty(memory)
    with memory.reading() as session:
        kept = session.exec(
            select(Comparison.reference_photograph_id).where(Comparison.query_photograph_id == asked)
        ).all()
    removal.remove_photograph(memory, asked)
    assert names["1-0"] in kept
    assert gone not in kept


def test_a_search_that_fails_for_a_while_is_made_later(
    stocked: tuple[Memory, Names], monkeypatch: pytest.MonkeyPatch
) -> None:
    memory, _ = stocked
    plain, calls = hits.search_photograph, []

    def fail_once(*args: object, **options: object) -> object:
        calls.append(args)
        if len(calls) == 1:
            raise OSError("the disk is full")
        return plain(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(hits, "search_photograph", fail_once)
    monkeypatch.setattr(memory, "params", replace(memory.params, search_again_seconds=0.0))
    asked = ingest.accept(memory, photograph(2, 9), file_name="asked").photograph_id
    ingest.run_until_empty(memory)
    with memory.reading() as session:
        row = session.get_one(Photograph, asked)
    removal.remove_photograph(memory, asked)
    assert len(calls) == 2
    assert row.searched_up_to is not None
    assert row.searched_up_to > 0
