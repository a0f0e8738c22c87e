"""The scale cards as a PDF to print and cut out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np
import typst

from forensics.scale.layout import LAYOUTS, Box, Layout, marker_bits

Paper = Literal["a4", "letter"]

MARGIN = 20.0
"""Millimetres that no printer leaves blank."""

GAP = 10.0
"""Millimetres between the cards."""

_HEAD = r"""
#set document(title: "Cachet scale cards", date: none)
#set page(paper: "%s", margin: 0mm)
#set text(font: "Libertinus Serif", size: 9pt, lang: "en")
#let box-at(x, y, w, h, fill) = place(dx: x * 1mm, dy: y * 1mm, rect(width: w * 1mm, height: h * 1mm, fill: fill))
#let tick(x, y, dx, dy) = place(
  line(start: (x * 1mm, y * 1mm), end: ((x + dx) * 1mm, (y + dy) * 1mm), stroke: 0.15mm))
#let figure-at(x, y, size, words) = place(dx: (x - 5) * 1mm, dy: (y - 2) * 1mm,
  box(width: 10mm, height: 4mm, align(center + horizon, text(size: size * 1pt, words))))
#let words-at(x, y, w, size, words) = place(dx: x * 1mm, dy: y * 1mm,
  box(width: w * 1mm, { set par(leading: 0.45em); text(size: size * 1pt, words) }))
"""

_HOW = (
    '*Print at 100 % (actual size), not "fit to page".* Then lay a steel ruler along each ruler of a card: it must be '
    "true to half a millimetre over its whole length, across and down. If it is not, throw the sheet away. Print on "
    "matt white paper of 160 g/m² or more, cut along the thin lines, keep it flat. Lay the card in the plane of the "
    "mark, not beside a thick exhibit; leave all of the chessboard to be seen. The program then finds the scale, "
    "corrects the perspective and the colours. The patches bear the CIELAB values (D65, 2°) that sRGB gives them; "
    "a printer meets these only roughly: have the printed card measured where colours are to be compared with those "
    "of another laboratory."
)


def make_scale_card(paper: Paper = "a4", *, form: Literal["pdf", "png"] = "pdf", pixels_per_inch: int = 150) -> bytes:
    """Draw a sheet with a card of 148 x 105 mm, one of 74 x 52 mm, and how to print them.

    Parameters
    ----------
    paper : str
        ``"a4"`` or ``"letter"``.
    form : str
        ``"pdf"``, or ``"png"`` to look at.
    pixels_per_inch : int
        Of the latter.

    Returns
    -------
    bytes
        The same for the same arguments.
    """
    lines = [_HEAD % {"a4": "a4", "letter": "us-letter"}[paper], f"#words-at({MARGIN}, 12, 170, 9, [{_HOW}])"]
    top = 42.0
    for layout in LAYOUTS.values():
        lines.append(f"#place(dx: {MARGIN}mm, dy: {top}mm, box(width: {layout.width}mm, height: {layout.height}mm, {{")
        lines.extend(_card(layout))
        lines.append("}))")
        top += layout.height + GAP
    made = typst.compile("\n".join(lines).encode(), format=form, ppi=float(pixels_per_inch), ignore_system_fonts=True)
    if not isinstance(made, bytes):
        raise RuntimeError(f"expected one page; found {type(made).__name__}. A card has grown past its sheet.")
    return made


def _card(layout: Layout) -> Iterator[str]:
    """Draw a card: its edge, the chessboard, the patches, the rulers, the words."""
    yield f"place(rect(width: {layout.width}mm, height: {layout.height}mm, stroke: 0.1mm + luma(60%)))"
    for black in layout.squares(black=True):
        yield _filled(black, "black")
    for number, (x, y, side, _) in layout.markers().items():
        yield _filled((x, y, side, side), "black")
        bits = marker_bits(number)
        module = side / len(bits)
        for row, column in np.argwhere(bits > 0).tolist():
            yield _filled((x + column * module, y + row * module, module, module), "white")
    small = layout.width < 100
    for patch in layout.patches:
        yield _filled(patch.box, f'rgb("#{"".join(f"{level:02x}" for level in patch.srgb)}")')
        if not small:
            x, y, wide, tall = patch.box
            ink = "white" if patch.lab[0] < 60 else "black"
            words = " ".join(f"{value:.0f}" for value in patch.lab)
            yield f"figure-at({x + wide / 2}, {y + tall - 1.6}, 4.5, text(fill: {ink})[{words}])"
    yield from _rulers(layout, size=5.0 if small else 6.5)
    below = layout.top + layout.rows * layout.square
    title = f"*Cachet scale card, {layout.name.upper() if layout.name == 'a6' else layout.name}*"
    said = f"{title}: print at 100 %, check with a ruler. {layout.width:g} × {layout.height:g} mm; squares of "
    said += f"{layout.square:g} mm, rulers in millimetres."
    if not small:
        said += " Patches: CIELAB (D65, 2°) as sRGB gives it. Exhibit: #box(width: 45mm, repeat[.])"
    yield f"words-at({layout.left}, {below + 1.2}, {layout.width - layout.left - 3}, {4 if small else 7}, [{said}])"


def _rulers(layout: Layout, *, size: float) -> Iterator[str]:
    """Draw the rulers: ticks of a millimetre, of five, of ten, from the card's edge inwards."""
    for upright, (begin, length) in ((False, layout.horizontal), (True, layout.vertical)):
        for count in range(round(length) + 1):
            tall = layout.tick * (1.0 if count % 10 == 0 else 0.8 if count % 5 == 0 else 0.6)
            along = begin + count
            if upright:
                yield f"tick(0, {layout.height - along}, {tall}, 0)"
            else:
                yield f"tick({along}, {layout.height - tall}, 0, {tall})"
            if count % 10 == 0:
                inward = layout.tick + 1.6
                x, y = (inward, layout.height - along) if upright else (along, layout.height - inward)
                yield f"figure-at({x}, {y}, {size}, [{count}])"
    yield f"figure-at({layout.horizontal[0] - 5}, {layout.height - layout.tick - 1.6}, {size}, [mm])"


def _filled(box: Box, fill: str) -> str:
    return f"box-at({', '.join(f'{value:.4f}' for value in box)}, {fill})"
