from __future__ import annotations

from uuid import UUID

import numpy as np
import pytest
from rapidfuzz import fuzz

from forensics.text import METHOD, Text, fold
from indexer import Memory, texts
from indexer.records import Photograph, PhotographState, Purpose, Seizure
from indexer.texts import lines
from indexer.texts.search import TextSearchParams, part_with
from indexer.texts.strings import Strings


def stored(memory: Memory, seizure: Seizure | None, *said: str, purpose: Purpose = Purpose.EXHIBIT) -> UUID:
    """Keep a photograph that was read, without its file."""
    with memory.writing() as session:
        photograph = Photograph(
            sha256=str(hash((said, purpose, seizure is None))).rjust(64, "0")[:64],
            file_name=f"{said[0] if said else 'nothing'}.jpg",
            size_bytes=1,
            media_type="image/jpeg",
            width=640,
            height=480,
            purpose=purpose,
            seizure_id=seizure.id if seizure else None,
            state=PhotographState.READY,
            searched_up_to=0,
            read_by=METHOD,
        )
        session.add(photograph)
        session.flush()
        polygon = np.array([[0, 0], [100, 0], [100, 20], [0, 20]], np.float32)
        lines.store(
            session, photograph.id, [Text(polygon + np.float32(30 * k), words, 0.9) for k, words in enumerate(said)]
        )
        return photograph.id


def found(memory: Memory, text: str, **settings: int) -> list[UUID]:
    return [hit.photograph.id for hit in texts.search(memory, text, **settings).items]


@pytest.fixture
def tolteca(memory: Memory, seizure: Seizure) -> UUID:
    stored(memory, seizure, "VESTO 88", "PRODUCT OF QUALITY")
    key = stored(memory, seizure, "FABRICA TOLTECA 5", "NETTO 1000 G")
    stored(memory, seizure, "KELTO")
    return key


@pytest.mark.parametrize(
    "text",
    ["TOLTECA 5", "tolteca5", "T0LTÉCA S", "tolteka", "TOLT", "oltec", "to1teca", "fabrica toltega", "1000g", "IOOO G"],
)
def test_a_photograph_is_found_in_spite_of_wrong_letters(memory: Memory, tolteca: UUID, text: str) -> None:
    assert found(memory, text)[0] == tolteca


@pytest.mark.parametrize("text", ["", "  ", "?!", "XAVIER", "DUNA"])
def test_what_is_not_written_is_not_found(memory: Memory, tolteca: UUID, text: str) -> None:
    assert texts.search(memory, text) == texts.TextHits((), 0)


def test_words_on_several_lines_are_brought_together(memory: Memory, seizure: Seizure, tolteca: UUID) -> None:
    (hit,) = texts.search(memory, "netto tolteca").items
    assert hit.photograph.id == tolteca
    assert hit.seizure is not None
    assert hit.seizure.case_reference == seizure.case_reference
    assert {match.line.words for match in hit.lines} == {"FABRICA TOLTECA 5", "NETTO 1000 G"}
    in_one_line = stored(memory, seizure, "NETTO TOLTECA")
    assert found(memory, "netto tolteca") == [in_one_line, tolteca]


def test_the_better_match_comes_first(memory: Memory, seizure: Seizure) -> None:
    wrong = stored(memory, seizure, "NORDA")
    right = stored(memory, seizure, "NORDO")
    alike = stored(memory, seizure, "N0RD0")
    longer = stored(memory, seizure, "NORDO EXTRA FORTE")
    assert found(memory, "nordo") == [right, longer, alike, wrong]
    similar = [hit.similarity for hit in texts.search(memory, "nordo").items]
    assert similar == pytest.approx([1, 1, 1, 0.8889], abs=1e-4)


def test_the_letters_that_matched_are_told(memory: Memory, seizure: Seizure) -> None:
    stored(memory, seizure, "Fábrica  T0LTECA, 5 & Co")
    (hit,) = texts.search(memory, "tolteca 5").items
    (match,) = hit.lines
    assert [match.line.words[a:b] for a, b in match.spans] == ["T0LTECA, 5"]
    (scattered,) = texts.search(memory, "co fabrica").items
    assert [scattered.lines[0].line.words[a:b] for a, b in scattered.lines[0].spans] == ["Fábrica", "Co"]


def test_only_exhibits_are_found(memory: Memory, seizure: Seizure) -> None:
    stored(memory, None, "NORDO", purpose=Purpose.QUERY)
    exhibit = stored(memory, seizure, "NORDO")
    assert found(memory, "NORDO") == [exhibit]


def test_pages_hold_every_hit_once(memory: Memory, seizure: Seizure) -> None:
    keys = {stored(memory, seizure, f"NORDO {number}") for number in range(100, 125)}
    params = TextSearchParams(sorted_exactly=10)
    pages = [texts.search(memory, "NORDO", limit=7, offset=at, params=params) for at in range(0, 30, 7)]
    assert {page.total for page in pages} == {25}
    assert [len(page.items) for page in pages] == [7, 7, 7, 4, 0]
    assert {hit.photograph.id for page in pages for hit in page.items} == keys


def test_what_another_process_read_is_found(memory: Memory, seizure: Seizure) -> None:
    assert found(memory, "NORDO") == []
    key = stored(memory, seizure, "NORDO")
    assert found(memory, "NORDO") == [key]


def test_how_common_a_word_is(memory: Memory, seizure: Seizure) -> None:
    with memory.reading() as session:
        assert part_with(memory, session, "nordo") == 0
    stored(memory, seizure, "NORDO", "NORDO EXTRA")
    stored(memory, seizure, "EXTRA 5")
    stored(memory, seizure, "VESTO")
    stored(memory, seizure)
    with memory.reading() as session:
        assert part_with(memory, session, "nordo") == 1 / 4
        assert part_with(memory, session, "extra") == 2 / 4


def test_two_photographs_say_the_same(memory: Memory, seizure: Seizure) -> None:
    one = stored(memory, seizure, "NORDO 57", "PRACTICE")
    other = stored(memory, seizure, "PRACTICE", "N0RDO", "VESTO")
    for number in range(14):
        stored(memory, seizure, "PRACTICE", f"KELTO {number}")
    agreed = texts.compare(memory, one, other)
    assert [(pair.query, pair.reference) for pair in agreed.shared] == [("NORDO", "N0RDO"), ("PRACTICE", "PRACTICE")]
    assert [pair.weight for pair in agreed.shared] == [3, 0]
    assert agreed.comparison
    assert agreed.comparison.score == 3
    assert [line.words for line in agreed.query] == ["NORDO 57", "PRACTICE"]
    assert not texts.compare(memory, one, stored(memory, seizure)).comparison


def test_the_scan_is_the_plain_one(memory: Memory, seizure: Seizure) -> None:
    said = ["NORDO 57 EXTRA", "NORD", "KELTO", "ORDO S7", "N", "VESTONORDO"]
    stored(memory, seizure, *said)
    strings = Strings()
    with memory.reading() as session:
        strings.catch_up(session)
    for part in ("nordos7", "nord", "o", "keitonordos7"):
        plain = {
            line: (fuzz.partial_ratio if len(line) >= len(part) else fuzz.ratio)(part, line) / 100
            for line in (fold(words) for words in said)
        }
        expected = {line: value for line, value in plain.items() if value >= 0.6}
        assert strings.like(part, 0.6) == pytest.approx(expected)
