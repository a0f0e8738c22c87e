"""A practice set: repeatable, complete, true to its truth, and with every trap laid."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter, defaultdict
from datetime import datetime
from itertools import combinations
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageOps

from forensics.photo import Photo, decode
from reference_samples import PracticeParams, PracticeSet, make_practice_set, read_metadata, read_truth
from reference_samples.generator import CAPTION, METADATA_COLUMNS, MarkTruth, PhotographTruth, make_design, redraw
from reference_samples.generator.caption import burn_in, encode
from tests.reference_samples.conftest import SMALL


def upright(practice: PracticeSet, photograph: PhotographTruth) -> np.ndarray:
    with Image.open(practice.photographs / photograph.file) as image:
        return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))


def marks_of(practice: PracticeSet) -> list[tuple[PhotographTruth, MarkTruth]]:
    return [(photograph, mark) for photograph in practice.truth.photographs for mark in photograph.marks]


def test_same_seed_gives_the_same_bytes(practice: PracticeSet, folder: Path) -> None:
    again = make_practice_set(folder, seed=3, params=SMALL)
    for path in sorted(p for p in practice.folder.rglob("*") if p.is_file()):
        assert path.read_bytes() == (folder / path.relative_to(practice.folder)).read_bytes(), path.name
    assert again.truth == practice.truth


def test_another_seed_gives_another_set(practice: PracticeSet, folder: Path) -> None:
    other = make_practice_set(folder, seed=4, params=PracticeParams(seizures=16, photographs=21, longest=240))
    assert {tool.seed for tool in other.truth.tools}.isdisjoint(tool.seed for tool in practice.truth.tools)


def test_progress_counts_every_photograph(folder: Path) -> None:
    told: list[tuple[int, int]] = []
    params = PracticeParams(seizures=16, photographs=21, longest=240)
    make_practice_set(folder, seed=1, params=params, progress=lambda done, total: told.append((done, total)))
    assert told == [(k + 1, 21) for k in range(21)]


def test_truth_is_read_back_as_it_was_written(practice: PracticeSet) -> None:
    assert read_truth(practice.folder) == practice.truth
    assert json.loads(practice.truth_file.read_text())["generated"].startswith("Everything here is generated")


def test_truth_of_another_folder_is_refused(folder: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"truth\.json"):
        read_truth(folder)
    folder.mkdir()
    (folder / "truth.json").write_text('{"format": "other/9"}')
    with pytest.raises(ValueError, match="other/9"):
        read_truth(folder)


def test_truth_and_files_agree(practice: PracticeSet) -> None:
    truth = practice.truth
    assert [p.file for p in truth.photographs] == sorted(p.name for p in practice.photographs.iterdir())
    assert len(truth.photographs) == SMALL.photographs
    assert len(truth.seizures) == SMALL.seizures
    tools = {tool.tool_id: tool for tool in truth.tools}
    designs = {design.design_id for design in truth.designs}
    seizures = {seizure.case_reference: seizure for seizure in truth.seizures}
    assert {p.case_reference for p in truth.photographs} == set(seizures)
    for photograph in truth.photographs:
        assert upright(practice, photograph).shape == (photograph.height, photograph.width, 3)
        assert max(photograph.width, photograph.height) == SMALL.longest
        for mark in photograph.marks:
            assert mark.design_id in designs
            assert tools[mark.tool_id].design_id == mark.design_id
            assert mark.tool_id in seizures[photograph.case_reference].tool_ids


def test_polygons_lie_on_their_pictures(practice: PracticeSet) -> None:
    for photograph, mark in marks_of(practice):
        polygon = np.array(mark.polygon, np.float32)
        assert cv2.isContourConvex(polygon)
        frame = np.array([[0, 0], [photograph.width, 0], [photograph.width, photograph.height], [0, photograph.height]])
        inside, _ = cv2.intersectConvexConvex(polygon, frame.astype(np.float32))
        assert inside / cv2.contourArea(polygon) == pytest.approx(mark.visible, abs=0.01)
        assert mark.visible >= 0.25


def edges_of_design(
    practice: PracticeSet, photograph: PhotographTruth, mark: MarkTruth
) -> tuple[np.ndarray, np.ndarray]:
    """Where the truth says that the design's edges run on the picture, and the polygon without them."""
    design = next(d for d in practice.truth.designs if d.design_id == mark.design_id)
    drawn = make_design(design.seed, small=design.small)
    if design.redraw_seed is not None:
        drawn = redraw(drawn, design.redraw_seed)
    mask = drawn.mask()
    to_picture = np.array(mark.design_to_photograph) @ np.diag([1 / mask.shape[1], 1 / mask.shape[0], 1])
    size = (photograph.width, photograph.height)
    laid = cv2.warpPerspective(mask, to_picture, size, flags=cv2.INTER_AREA)
    edge = cv2.morphologyEx((laid > 0.5).astype(np.uint8), cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0
    area = np.zeros(edge.shape, np.uint8)
    cv2.fillConvexPoly(area, np.rint(np.array(mark.polygon)).astype(np.int32), (1,))
    near = cv2.dilate(edge.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    return edge, (area > 0) & ~near


def test_designs_are_where_the_truth_says(practice: PracticeSet) -> None:
    """Brightness changes along the design's edges more than beside them, on all but a few hard pictures."""
    told = []
    for photograph, mark in marks_of(practice):
        small = cv2.contourArea(np.array(mark.polygon, np.float32)) < 60**2
        if small or mark.visible < 0.95 or photograph.flaw or photograph.light.diffuse > 0.8:
            continue
        grey = cv2.cvtColor(upright(practice, photograph), cv2.COLOR_RGB2GRAY).astype(np.float32)
        # Grain and halftone are finer than the design; they are blurred away first.
        side = cv2.contourArea(np.array(mark.polygon, np.float32)) ** 0.5
        grey = cv2.GaussianBlur(grey, (0, 0), max(1.0, side / 70))
        change = np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1))
        edge, beside = edges_of_design(practice, photograph, mark)
        told.append(change[edge].mean() / change[beside].mean())
    assert len(told) >= 10
    assert np.median(told) > 1.5
    assert np.mean(np.array(told) > 1.05) > 0.9


def test_every_trap_is_laid(practice: PracticeSet) -> None:
    truth = practice.truth
    seizures = {seizure.case_reference: seizure for seizure in truth.seizures}
    tools = {tool.tool_id: tool for tool in truth.tools}
    designs = {design.design_id: design for design in truth.designs}
    links = {frozenset((link.first, link.second)): link for link in truth.links}
    kinds = {trap.kind: trap for trap in truth.traps}
    assert set(kinds) == {
        "one tool, two batches",
        "same design, two tools",
        "look-alike tablets",
        "redrawn design",
        "one batch, two marks",
        "batch without a mark",
    }
    for trap in truth.traps:
        first, second = (seizures[case] for case in trap.case_references)
        link = links.get(frozenset(trap.case_references))
        same_batch = first.batch_id == second.batch_id
        drawn = [designs[tools[s.tool_ids[0]].design_id] for s in (first, second) if s.tool_ids]
        if trap.kind == "one tool, two batches":
            assert first.tool_ids == second.tool_ids
            assert not same_batch
        elif trap.kind in ("same design, two tools", "look-alike tablets"):
            assert first.tool_ids != second.tool_ids
            assert drawn[0] == drawn[1]
            assert not same_batch
        elif trap.kind == "redrawn design":
            assert link is None
            assert drawn[1].redrawn_from == drawn[0].design_id or drawn[0].redrawn_from == drawn[1].design_id
        elif trap.kind == "one batch, two marks":
            assert same_batch
            assert drawn[0] != drawn[1]
        else:
            assert same_batch
            assert sorted(len(s.tool_ids) for s in (first, second)) == [0, 1]


def test_links_are_all_there_is_to_link(practice: PracticeSet) -> None:
    truth = practice.truth
    design_of = {tool.tool_id: tool.design_id for tool in truth.tools}
    links = {frozenset((link.first, link.second)): link for link in truth.links}
    for one, two in combinations(truth.seizures, 2):
        tool = bool(set(one.tool_ids) & set(two.tool_ids))
        design = bool({design_of[t] for t in one.tool_ids} & {design_of[t] for t in two.tool_ids})
        batch = one.batch_id == two.batch_id
        link = links.get(frozenset((one.case_reference, two.case_reference)))
        assert (link is not None) == (tool or design or batch)
        if link is not None:
            assert (link.same_tool, link.same_design, link.same_batch) == (tool, design, batch)


def test_tools_wear_as_time_goes(practice: PracticeSet) -> None:
    dates = {s.case_reference: s.date for s in practice.truth.seizures}
    uses: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for photograph, mark in marks_of(practice):
        uses[mark.tool_id].append((dates[photograph.case_reference], mark.uses))
    compared = 0
    for seen in uses.values():
        for (day, use), (later, use_later) in combinations(sorted(set(seen)), 2):
            if later > day:
                assert use_later > use
                compared += 1
    assert compared


def test_light_series_are_one_scene_under_five_lamps(practice: PracticeSet) -> None:
    series: dict[str, list[PhotographTruth]] = defaultdict(list)
    for photograph in practice.truth.photographs:
        if photograph.series:
            series[photograph.series].append(photograph)
    assert series
    for photographs in series.values():
        assert [p.light.azimuth_degrees for p in photographs[:4]] == [0, 90, 180, 270]
        assert photographs[4].light.diffuse > 0.8
        assert len({p.marks for p in photographs}) == 1
        right, _, left, _, _ = (upright(practice, p).mean(2) for p in photographs)
        middle = right.shape[1] // 2
        assert right[:, middle:].mean() - right[:, :middle].mean() > left[:, middle:].mean() - left[:, :middle].mean()


def test_every_picture_says_that_it_is_generated(practice: PracticeSet) -> None:
    for photograph in practice.truth.photographs:
        with Image.open(practice.photographs / photograph.file) as image:
            exif = image.getexif()
            assert CAPTION in exif[0x010E]
            assert "practice generator" in exif[0x0131]
            assert CAPTION.encode() in exif.get_ifd(0x8769)[0x9286]
        assert amber_share(upright(practice, photograph)) > 0.01


def strips(pixels: np.ndarray) -> list[np.ndarray]:
    rows = max(13, round(0.0178 * max(pixels.shape[:2])))
    return [pixels[:rows], pixels[-rows:]]


def amber_share(pixels: np.ndarray) -> float:
    """Share of the letters' colour in whichever strip has more of it."""
    found = []
    for strip in strips(pixels):
        _, red, blue = cv2.split(cv2.cvtColor(strip, cv2.COLOR_RGB2YCrCb).astype(int))
        found.append(float(np.mean((red > 135) & (blue < 118))))
    return max(found)


def test_caption_differs_from_its_strip_in_colour_alone() -> None:
    """Letters of another brightness match between all pictures, however faint; these must have none."""
    for seed in range(6):
        rng = np.random.default_rng(seed)
        scene = cv2.resize(rng.integers(0, 256, (30, 40), np.uint8), (1600, 1200), interpolation=cv2.INTER_CUBIC)
        pixels = cv2.cvtColor(scene, cv2.COLOR_GRAY2RGB)
        burn_in(pixels, rng)
        clock = datetime(2024, 5, 6, 12, 0)  # noqa: DTZ001 - a camera's clock has no zone
        data = encode(pixels, quality=88, description="", taken_at=clock)
        with Image.open(io.BytesIO(data)) as image:
            stored = np.asarray(image)
        strip = max(strips(stored), key=lambda part: amber_share(np.vstack([part, part])))
        grey = cv2.cvtColor(strip, cv2.COLOR_RGB2GRAY).astype(float)
        _, red, blue = cv2.split(cv2.cvtColor(strip, cv2.COLOR_RGB2YCrCb).astype(int))
        letters = (red > 150) & (blue < 105)
        ground = cv2.dilate(letters.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
        ground &= ~(cv2.dilate(letters.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0)
        assert letters.sum() > 1500
        assert abs(grey[letters].mean() - grey[ground].mean()) < 1.5
        assert abs(red[letters].mean() - red[ground].mean()) > 35


def test_photographs_decode_like_any_other(practice: PracticeSet) -> None:
    turned = 0
    for photograph in practice.truth.photographs:
        data = (practice.photographs / photograph.file).read_bytes()
        photo = decode(data)
        assert isinstance(photo, Photo)
        assert (photo.width, photo.height) == (photograph.width, photograph.height)
        assert photo.taken_at is not None
        with Image.open(practice.photographs / photograph.file) as image:
            turned += image.getexif().get(0x0112, 1) != 1
    assert turned <= 0.3 * len(practice.truth.photographs)


def test_sideways_files_are_set_upright(folder: Path) -> None:
    made = make_practice_set(
        folder, seed=2, params=PracticeParams(seizures=16, photographs=21, longest=240, turned=1.0)
    )
    single = [p for p in made.truth.photographs if p.series is None]
    for photograph in single:
        with Image.open(made.photographs / photograph.file) as image:
            assert image.size == (photograph.height, photograph.width)
        photo = decode((made.photographs / photograph.file).read_bytes())
        assert (photo.width, photo.height) == (photograph.width, photograph.height)


def test_metadata_table_reads_back_without_a_problem(practice: PracticeSet) -> None:
    files = [p.name for p in practice.photographs.iterdir()]
    metadata = read_metadata(practice.metadata, files)
    assert metadata.problems == ()
    assert {row.file: row.case_reference for row in metadata.photographs} == {
        p.file: p.case_reference for p in practice.truth.photographs
    }
    for case, row in metadata.seizures.items():
        assert case.startswith("PRACTICE-")
        assert "generated" in row.notes
        assert row.date is not None
    with practice.metadata.open(newline="") as file:
        assert tuple(next(csv.reader(file))) == METADATA_COLUMNS


def test_some_photographs_bear_no_mark(practice: PracticeSet) -> None:
    bare = Counter(bool(p.marks) for p in practice.truth.photographs)
    assert bare[False] >= 2
    assert bare[True] >= 10


def test_flaws_are_told(folder: Path) -> None:
    params = PracticeParams(seizures=16, photographs=80, longest=240, flawed=0.5)
    made = make_practice_set(folder, seed=1, params=params)
    level: dict[str | None, list[float]] = defaultdict(list)
    for photograph in made.truth.photographs:
        level[photograph.flaw].append(float(upright(made, photograph)[30:-30].mean()))
    assert {"blurred", "glare", "dark"} <= set(level)
    assert np.mean(level["dark"]) < np.mean(level[None]) < np.mean(level["glare"])


@pytest.mark.parametrize(
    "wrong",
    [{"seizures": 15}, {"photographs": 62}, {"longest": 100}, {"quality": 10}, {"flawed": 0.9}, {"series_share": -0.1}],
)
def test_params_hold_their_bounds(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="bounds"):
        PracticeParams(**wrong)  # type: ignore[arg-type]
