"""The practice world: who makes what with which tool, what is seized, and where the traps lie."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np

from reference_samples.generator.chemistry import Batch
from reference_samples.generator.design import Design, make_design, redraw
from reference_samples.generator.exhibits import PILL_SHAPES, WRAPS, Look
from reference_samples.generator.impression import Pressure
from reference_samples.generator.studio import Exhibit
from reference_samples.generator.tool import Tool, ToolKind, make_tool
from reference_samples.generator.truth import DesignTruth

FIRST_DAY = date(2023, 1, 9)
DAYS = 900


@dataclass(slots=True)
class Line:
    """One line of supply: what its goods look like and who marks them."""

    substance: str
    form: str
    tool: Tool | None
    look: Look


@dataclass(slots=True)
class PlannedSeizure:
    """A seizure before it is photographed."""

    line: Line
    batch: Batch
    case_reference: str = ""
    day: date = FIRST_DAY
    uses: int = 0
    number: int = 0
    exhibits: list[Exhibit] = field(default_factory=list)


class World:
    """Hands out designs, tools, batches and looks, and remembers them for the truth."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng([seed, 0x3041D])
        self.seed = seed
        self.designs: dict[str, DesignTruth] = {}
        self.tools: list[Tool] = []
        self.batches: list[Batch] = []
        self.seizures: list[PlannedSeizure] = []
        self.traps: list[tuple[str, list[PlannedSeizure], str]] = []
        self._pictures: set[tuple[str, str, str]] = set()

    def design(self, *, small: bool) -> Design:
        """Draw a design whose picture and words were not used before in this set."""
        while True:
            seed = int(self.rng.integers(1, 2**31))
            design = make_design(seed, design_id=f"D{len(self.designs) + 1:03d}", small=small)
            recipe = design.recipe
            words = " ".join(part for part in _words(design) if part)
            emblem = "" if recipe.layout in ("word", "monogram") else recipe.emblem
            # While emblems and words last, no two designs share one; after that they differ in how they are combined.
            plenty = len(self.designs) < 32
            keys = {(emblem, "", ""), ("", "", words)} - {("", "", "")} if plenty else {(emblem, recipe.frame, words)}
            if not keys & self._pictures:
                self._pictures |= {*keys, (emblem, recipe.frame, words), (emblem, "", ""), ("", "", words)}
                self.designs[design.design_id] = DesignTruth(design.design_id, seed, small, None, None, words)
                return design

    def redrawn(self, design: Design) -> Design:
        """Have a design imitated by another hand."""
        seed = int(self.rng.integers(1, 2**31))
        copy = redraw(design, seed)
        old = self.designs[design.design_id]
        self.designs[copy.design_id] = DesignTruth(
            copy.design_id, old.seed, old.small, design.design_id, seed, old.words
        )
        return copy

    def tool(self, kind: ToolKind, design: Design) -> Tool:
        """Cut a design into a new tool."""
        sizes = {"press": (0.055, 0.085), "stamp": (0.04, 0.075), "plate": (0.05, 0.085), "punch": (0.0052, 0.0062)}
        letter = {"press": "P", "stamp": "S", "plate": "L", "punch": "U"}[kind]
        earlier = [tool for tool in self.tools if _original(tool.design) == _original(design) and tool.kind == kind]
        # Tools of one design are made alike, give or take the cutting.
        size = earlier[0].size if earlier else float(self.rng.uniform(*sizes[kind]))
        raised = earlier[0].raised if earlier else bool(self.rng.random() < 0.3)
        seed = int(self.rng.integers(1, 2**31))
        tool = make_tool(f"{letter}{len(self.tools) + 1:03d}", kind, design, seed=seed, size=size, raised=raised)
        self.tools.append(tool)
        return tool

    def batch(self, substance: str) -> Batch:
        """Cook a batch."""
        batch = Batch(f"B{len(self.batches) + 1:03d}", substance, int(self.rng.integers(1, 2**31)))
        self.batches.append(batch)
        return batch

    def line(self, form: str, tool: Tool | None, *, like: Line | None = None) -> Line:
        """Start a line of supply; ``like`` another where its goods are to look the same."""
        if like is not None:
            return Line(like.substance, like.form, tool, like.look)
        rng = self.rng
        if form == "tablet":
            return Line("MDMA", form, tool, _tablet_look(rng))
        substance = str(rng.choice(["cocaine", "cocaine", "cocaine", "heroin", "cannabis resin"]))
        if form == "brick":
            matter = {
                "cocaine": ("white", "white", "ivory"),
                "heroin": ("beige", "brown"),
                "cannabis resin": ("resin",),
            }[substance]
            size = (float(rng.uniform(0.17, 0.22)), float(rng.uniform(0.115, 0.145)), float(rng.uniform(0.028, 0.042)))
            look = Look(form, str(rng.choice(matter)), size, 0, bool(rng.random() < 0.3), False)
        else:
            size = (float(rng.uniform(0.18, 0.25)), float(rng.uniform(0.12, 0.16)), float(rng.uniform(0.035, 0.06)))
            wraps = [
                name for name in WRAPS if not (tool and tool.kind == "stamp" and ("black" in name or name in _TOO_DARK))
            ]
            look = Look(form, str(rng.choice(wraps)), size, int(rng.integers(0, 40)), bool(rng.random() < 0.4), False)
        return Line(substance, form, tool, look)

    def seize(self, line: Line, batch: Batch, count: int) -> list[PlannedSeizure]:
        """Seize goods of one line and one batch ``count`` times."""
        made = [PlannedSeizure(line, batch) for _ in range(count)]
        self.seizures += made
        return made


_TOO_DARK = ("red tape", "blue tape", "green tape", "rubber", "silver tape")  # an ink would not show


def _words(design: Design) -> tuple[str, ...]:
    recipe = design.recipe
    if recipe.layout == "monogram":
        return (recipe.number or recipe.word[:2],)
    worded = recipe.layout in ("word", "emblem and word", "seal", "repeat")
    numbered = recipe.layout in ("word", "seal") or (recipe.layout == "emblem" and recipe.frame == "none")
    return (recipe.word if worded else "", recipe.number if numbered else "")


def _original(design: Design) -> str:
    return design.redrawn_from or design.design_id


def _tablet_look(rng: np.random.Generator) -> Look:
    shape = str(rng.choice(PILL_SHAPES, p=[0.4, 0.12, 0.12, 0.1, 0.12, 0.07, 0.07]))
    length = float(rng.uniform(0.0086, 0.0102))
    width = length * (0.78 if shape in ("oval", "rectangle") else 1.0)
    return Look(
        "tablet", shape, (length, width, float(rng.uniform(0.0034, 0.0048))), int(rng.integers(0, 40)), False, True
    )


def lay_out(world: World, count: int) -> None:
    """Fill the world: traps first, then plain links, then seizures that stand alone, until there are ``count``."""
    rng = world.rng
    kinds: dict[str, ToolKind] = {"brick": "press", "parcel": "stamp", "tablet": "punch"}

    def kind_of(form: str) -> ToolKind:
        return "plate" if form == "parcel" and rng.random() < 0.5 else kinds[form]

    def one_tool_two_batches(form: str) -> None:
        line = world.line(form, world.tool(kind_of(form), world.design(small=form == "tablet")))
        first, second = world.batch(line.substance), world.batch(line.substance)
        group = world.seize(line, first, 1) + world.seize(line, second, 1)
        _trap(
            world,
            "one tool, two batches",
            group,
            "One tool marked two batches: the mark links them, the chemistry does not.",
        )

    def two_tools_one_design(form: str) -> None:
        design, kind = world.design(small=form == "tablet"), kind_of(form)
        line = world.line(form, world.tool(kind, design))
        other = world.line(form, world.tool(kind, design), like=line)
        group = world.seize(line, world.batch(line.substance), 1) + world.seize(other, world.batch(line.substance), 1)
        _trap(
            world, "same design, two tools", group, "Two tools carry one design: the same logo, but not the same press."
        )

    def look_alike_tablets(_form: str) -> None:
        design = world.design(small=True)
        line = world.line("tablet", world.tool("punch", design))
        other = world.line("tablet", world.tool("punch", design), like=line)
        group = world.seize(line, world.batch("MDMA"), 1) + world.seize(other, world.batch("MDMA"), 1)
        _trap(world, "look-alike tablets", group, "Same colour, shape and logo, yet other punches and other profiles.")

    def redrawn_design(form: str) -> None:
        design, kind = world.design(small=form == "tablet"), kind_of(form)
        line = world.line(form, world.tool(kind, design))
        other = world.line(form, world.tool(kind, world.redrawn(design)))
        group = world.seize(line, world.batch(line.substance), 1) + world.seize(other, world.batch(other.substance), 1)
        _trap(world, "redrawn design", group, "The second logo imitates the first: it was drawn anew, not cut from it.")

    def one_batch_two_marks(form: str) -> None:
        line = world.line(form, world.tool(kind_of(form), world.design(small=form == "tablet")))
        other = world.line(form, world.tool(kind_of(form), world.design(small=form == "tablet")))
        other.substance, other.look = line.substance, replace(other.look, matter=line.look.matter)
        batch = world.batch(line.substance)
        group = world.seize(line, batch, 1) + world.seize(other, batch, 1)
        _trap(world, "one batch, two marks", group, "One batch left under two logos: only the chemistry links them.")

    def batch_without_mark(form: str) -> None:
        line = world.line(form, world.tool(kind_of(form), world.design(small=form == "tablet")))
        bare = world.line(form, None, like=line)
        batch = world.batch(line.substance)
        group = world.seize(line, batch, 1) + world.seize(bare, batch, 1)
        _trap(world, "batch without a mark", group, "The second seizure bears no mark: only the chemistry links it.")

    traps = (
        one_tool_two_batches,
        two_tools_one_design,
        look_alike_tablets,
        redrawn_design,
        one_batch_two_marks,
        batch_without_mark,
    )
    forms = ("brick", "brick", "tablet", "parcel", "parcel", "parcel")
    for trap, form in zip(traps, forms, strict=True):
        trap(form)
    # The rest: half in linked groups, some more traps, some that stand alone, some without a mark.
    while (left := count - len(world.seizures)) > 0:
        form = str(rng.choice(["brick", "brick", "parcel", "parcel", "tablet"]))
        choice = rng.random()
        if left >= 2 and choice < 0.3:
            traps[len(world.traps) % len(traps)](form)
        elif left >= 2 and choice < 0.55:
            line = world.line(form, world.tool(kind_of(form), world.design(small=form == "tablet")))
            world.seize(line, world.batch(line.substance), min(left, int(rng.integers(2, 5))))
        elif choice < 0.68:
            line = world.line(form if form == "tablet" else "parcel", None)
            world.seize(line, world.batch(line.substance), 1)
        else:
            line = world.line(form, world.tool(kind_of(form), world.design(small=form == "tablet")))
            world.seize(line, world.batch(line.substance), 1)


def lay_out_tools(world: World, count: int) -> None:
    """Fill the world by fives: two seizures of one tool, two of another of the same design, one of the design redrawn.

    Every form and every kind of tool takes its turn. Each seizure has its own batch, so that nothing else links them.
    """
    kinds: tuple[tuple[str, ToolKind], ...] = (
        ("brick", "press"), ("parcel", "stamp"), ("tablet", "punch"), ("parcel", "plate"),
    )  # fmt: skip
    group = 0
    while (left := count - len(world.seizures)) > 0:
        form, kind = kinds[group % len(kinds)]
        design = world.design(small=form == "tablet")
        first = world.line(form, world.tool(kind, design))
        second = world.line(form, world.tool(kind, design), like=first)
        redrawn = world.line(form, world.tool(kind, world.redrawn(design)), like=first)
        for line in (first, second, first, second, redrawn)[:left]:
            world.seize(line, world.batch(line.substance), 1)
        group += 1


def _trap(world: World, kind: str, group: list[PlannedSeizure], words: str) -> None:
    world.traps.append((kind, group, words))


def date_and_fill(world: World) -> None:
    """Give every seizure its day, its case reference, its place in the life of its tool, and its exhibits."""
    rng = world.rng
    for seizure in world.seizures:
        seizure.day = FIRST_DAY + timedelta(days=int(rng.integers(0, DAYS)))
    world.seizures.sort(key=lambda seizure: seizure.day)
    year_counts: dict[int, int] = {}
    used: dict[str, int] = {}
    for number, seizure in enumerate(world.seizures):
        seizure.number = number
        year = seizure.day.year
        year_counts[year] = year_counts.get(year, 0) + 1
        seizure.case_reference = f"PRACTICE-{year}-{year_counts[year]:04d}"
        tool = seizure.line.tool
        if tool is not None:
            before = used.get(tool.tool_id, int(rng.uniform(0.02, 0.5) * tool.life))
            seizure.uses = before
            used[tool.tool_id] = before + int(rng.uniform(0.15, 0.6) * tool.life)
        count = int(rng.integers(5, 13)) if seizure.line.form == "tablet" else int(rng.integers(2, 6))
        seizure.exhibits = [_exhibit(world, seizure, k) for k in range(count)]


def _exhibit(world: World, seizure: PlannedSeizure, k: int) -> Exhibit:
    rng = world.rng
    tool, look = seizure.line.tool, seizure.line.look
    pressure = None
    if tool is not None:
        force = float(np.clip(rng.normal(0.95, 0.1), 0.6, 1.15))
        pressure = Pressure(int(rng.integers(1, 2**31)), seizure.uses + k, force, float(rng.uniform(0.02, 0.35)))
    length, width, _ = look.size
    half = 0.62 * tool.size if tool is not None else 0.0
    place = (0.0, 0.0, 0.0)
    if look.form == "brick":
        place = (float(rng.normal(0, 0.06) * length), float(rng.normal(0, 0.04) * width), float(rng.normal(0, 0.05)))
    elif look.form == "parcel":
        turn = float(rng.normal(0, 0.22)) + (
            float(rng.choice([0, math.pi / 2, math.pi])) if rng.random() < 0.3 else 0.0
        )
        place = (float(rng.uniform(-0.22, 0.22) * length), float(rng.uniform(-0.16, 0.16) * width), turn)
    limit_x, limit_y = max(length / 2 - half - 0.008, 0.0), max(width / 2 - half - 0.008, 0.0)
    place = (float(np.clip(place[0], -limit_x, limit_x)), float(np.clip(place[1], -limit_y, limit_y)), place[2])
    shown = tool is not None and (look.form != "tablet" or k == 0 or rng.random() < 0.68)
    return Exhibit(
        str(k + 1), look, tool if shown else None, pressure if shown else None, place, int(rng.integers(1, 2**31))
    )
