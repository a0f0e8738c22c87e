"""Draw how time and memory grow with the marks, as SVG: two panels with logarithmic axes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_WIDTH, _HEIGHT, _LEFT, _TOP = 360, 240, 60, 40
_COLOURS = ("#1f5fa8", "#c2571a")

_PANELS = (
    ("milliseconds a query", "ms", (("median", "p50_ms"), ("95th percentile", "p95_ms"))),
    ("memory and index, GB", "GB", (("peak memory", "peak_gb"), ("index on disk", "index_gb"))),
)


def write(path: Path, measured: Sequence[Mapping[str, Any]]) -> None:
    """Write the plot of what was measured at each size."""
    rows = [{**one, "index_gb": one["index_bytes"] / 2**30} for one in measured]
    panels = [_panel(place, *panel, rows) for place, panel in enumerate(_PANELS)]
    across, down = 2 * (_WIDTH + _LEFT + 20), _HEIGHT + _TOP + 50
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {across} {down}" font-family="sans-serif" '
        f'font-size="12" role="img"><title>Time and memory from {rows[0]["marks"]:,} to {rows[-1]["marks"]:,} marks'
        f'</title><rect width="{across}" height="{down}" fill="white"/>{"".join(panels)}</svg>\n'
    )


def _panel(
    place: int, title: str, unit: str, lines: Sequence[tuple[str, str]], rows: Sequence[Mapping[str, Any]]
) -> str:
    left = _LEFT + place * (_WIDTH + _LEFT + 20)
    values = [row[key] for _, key in lines for row in rows]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    first, last = math.log10(rows[0]["marks"]), max(math.log10(rows[-1]["marks"]), math.log10(rows[0]["marks"]) + 1)

    def across(marks: float) -> float:
        return left + (math.log10(marks) - first) / (last - first) * _WIDTH

    def down(value: float) -> float:
        return _TOP + (high - math.log10(value)) / max(high - low, 1) * _HEIGHT

    parts = [f'<text x="{left}" y="{_TOP - 18}" font-weight="bold">{title}</text>']
    for power in range(low, high + 1):
        y = down(10.0**power)
        parts.append(f'<line x1="{left}" x2="{left + _WIDTH}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g}</text>')
    for row in rows:
        x = across(row["marks"])
        parts.append(f'<text x="{x:.1f}" y="{_TOP + _HEIGHT + 18}" text-anchor="middle">{row["marks"]:,}</text>')
    parts.append(f'<text x="{left}" y="{_TOP + _HEIGHT + 36}">marks</text>')
    for number, (name, key) in enumerate(lines):
        colour = _COLOURS[number]
        drawn = [(across(row["marks"]), down(row[key])) for row in rows]
        parts.append(
            f'<polyline fill="none" stroke="{colour}" stroke-width="2" '
            f'points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in drawn)}"/>'
        )
        for (x, y), row in zip(drawn, rows, strict=True):
            said = f"{name}: {row[key]:.3g} {unit} at {row['marks']:,} marks"
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"><title>{said}</title></circle>')
        # Above the panel, where no line runs.
        parts.append(f'<text x="{left + 150 + 110 * number}" y="{_TOP - 18}" fill="{colour}">{name}</text>')
    return "".join(parts)
