"""The pictures a die carries: some fifty silhouettes, each drawn from four free parameters in [0, 1].

They are drawn here, line by line, after no brand and no real case.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from reference_samples.generator.pen import Pen, box, circle, mirror, regular, smooth, star, turned

Parameters: TypeAlias = tuple[float, float, float, float]
Emblem: TypeAlias = Callable[[Pen, Parameters], None]


def _crown(pen: Pen, p: Parameters) -> None:
    peaks = 3 + 2 * round(p[0])
    base, top = 0.45, -0.55 - 0.2 * p[1]
    xs = np.linspace(-0.9, 0.9, peaks)
    outline = [(-0.75, base)]
    for i, x in enumerate(xs):
        rise = top + 0.18 * abs(i - peaks // 2) * (0.4 + p[2])
        outline.append((x, rise))
        if i < peaks - 1:
            outline.append(((x + xs[i + 1]) / 2 * 0.9, 0.0 + 0.15 * p[3]))
        pen.disc(x, rise - 0.06, 0.09 + 0.04 * p[1])
    outline.append((0.75, base))
    pen.fill(outline)
    pen.cut(box(1.5, 0.06 + 0.04 * p[3], y=0.3))
    pen.fill(box(1.55, 0.2, 0.05, y=0.58))
    for x in np.linspace(-0.5, 0.5, 3 + round(2 * p[3])):
        pen.disc(float(x), 0.14, 0.055, 0)


def _star(pen: Pen, p: Parameters) -> None:
    n = 5 + round(3 * p[0])
    pen.fill(star(n, 0.98, 0.38 + 0.22 * p[1]))
    if p[2] > 0.4:
        pen.cut(star(n, 0.72, 0.28 + 0.16 * p[1]))
        pen.fill(star(n, 0.5, 0.2 + 0.11 * p[1]))


def _compass(pen: Pen, p: Parameters) -> None:
    pen.fill(star(4, 0.98, 0.16 + 0.12 * p[0]))
    pen.fill(star(4, 0.62 + 0.15 * p[1], 0.16, turn=math.pi / 4))
    for k in range(4):
        tip = turned([(0, -0.98), (0, 0), (-0.13 - 0.06 * p[0], -0.17)], k * math.pi / 2)
        pen.cut(turned(tip, 0, scale=0.82))
    pen.stroke(circle(0, 0, 0.52 + 0.12 * p[2]), 0.05, closed=True)


def _gem(pen: Pen, p: Parameters) -> None:
    shoulder, girdle = 0.5 + 0.1 * p[0], -0.28 + 0.12 * p[1]
    pen.fill(mirror([(shoulder, -0.68), (0.95, girdle), (0.0, 0.85)]))
    w = 0.045 + 0.02 * p[2]
    inner = 0.36 + 0.1 * p[3]
    pen.stroke([(-0.95, girdle), (0.95, girdle)], w, value=0)
    pen.stroke([(-inner, girdle), (0, 0.85), (inner, girdle)], w, value=0)
    pen.stroke([(-0.95, girdle), (-shoulder * 0.6, -0.7), (-inner, girdle)], w, value=0)
    pen.stroke([(0.95, girdle), (shoulder * 0.6, -0.7), (inner, girdle)], w, value=0)
    pen.stroke([(-inner, girdle), (0, -0.7), (inner, girdle)], w, value=0)


def _heart(pen: Pen, p: Parameters) -> None:
    t = np.linspace(0, 2 * math.pi, 140, endpoint=False)
    x = 16 * np.sin(t) ** 3
    y = -(13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t))
    shape = np.column_stack([x * (0.052 + 0.006 * p[0]), y * 0.055 + 0.02])
    pen.fill(shape)
    if p[1] > 0.35:
        pen.cut(shape * 0.74)
        pen.fill(shape * (0.4 + 0.2 * p[2]))


def _spade(pen: Pen, p: Parameters) -> None:
    pen.fill(smooth(mirror([(0.02, -0.95), (0.35, -0.42), (0.8, 0.05), (0.72, 0.42), (0.35, 0.45), (0.06, 0.25)])))
    pen.fill(mirror([(0.05, 0.1), (0.12, 0.55), (0.32 + 0.15 * p[0], 0.92)]))
    if p[1] > 0.5:
        pen.cut(star(5, 0.26, 0.11, y=0.0))


def _clover(pen: Pen, p: Parameters) -> None:
    n = 3 + round(p[0])
    for k in range(n):
        a = 2 * math.pi * k / n
        leaf = smooth(mirror([(0.0, -0.18), (0.38, -0.62), (0.22, -0.92), (0.0, -0.8)]))
        pen.fill(turned(leaf, a, y=-0.08))
        pen.stroke(turned([(0, -0.25), (0, -0.66)], a, y=-0.08), 0.035, value=0)
    pen.stroke(smooth([(0, 0), (0.08, 0.4), (0.3 - 0.5 * p[1], 0.95)], closed=False), 0.11)


def _bolt(pen: Pen, p: Parameters) -> None:
    lean = 0.15 * p[0]
    shape = np.array(
        [(0.2, -1.0), (-0.55, 0.12), (-0.06, 0.12), (-0.3, 1.0), (0.55, -0.22), (0.06, -0.22), (0.5, -1.0)]
    )
    pen.fill(shape + np.column_stack([lean * shape[:, 1], np.zeros(len(shape))]))


def _sun(pen: Pen, p: Parameters) -> None:
    n = 8 + 2 * round(3 * p[0])
    for k in range(n):
        ray = [(-0.1 - 0.04 * p[1], -0.58), (0.1 + 0.04 * p[1], -0.58), (0.16 * (p[2] - 0.5), -0.98)]
        pen.fill(turned(ray, 2 * math.pi * k / n))
    pen.disc(0, 0, 0.5)
    if p[3] > 0.4:
        pen.disc(0, 0, 0.38, 0)
        pen.disc(0, 0, 0.26)


def _moon(pen: Pen, p: Parameters) -> None:
    pen.disc(0, 0, 0.95)
    pen.disc(0.38 + 0.1 * p[0], -0.08, 0.78, 0)
    for k in range(2 + round(2 * p[1])):
        pen.disc(0.4 + 0.3 * math.cos(k * 2.1), -0.05 + 0.4 * math.sin(k * 2.1), 0.06 + 0.05 * p[2])


def _anchor(pen: Pen, p: Parameters) -> None:
    w = 0.13 + 0.04 * p[0]
    pen.stroke(circle(0, -0.76, 0.16), w * 0.7, closed=True)
    pen.stroke([(0, -0.6), (0, 0.8)], w)
    pen.stroke([(-0.42, -0.38), (0.42, -0.38)], w)
    t = np.linspace(0.12 * math.pi, 0.88 * math.pi, 30)
    pen.stroke(np.column_stack([0.78 * np.cos(t), 0.1 + 0.72 * np.sin(t)]), w)
    for side in (-1, 1):
        pen.fill([(side * 0.94, 0.1), (side * 0.5, 0.36), (side * 0.86, 0.56)])


def _key(pen: Pen, p: Parameters) -> None:
    pen.stroke(circle(0, -0.55, 0.32 + 0.05 * p[0]), 0.16, closed=True)
    if p[1] > 0.5:
        pen.fill(regular(4, 0.16, y=-0.55))
    pen.stroke([(0, -0.25), (0, 0.92)], 0.16)
    for k in range(2 + round(p[2])):
        pen.fill(box(0.34 - 0.08 * (k % 2), 0.13, x=0.2, y=0.82 - 0.24 * k))


def _flame(pen: Pen, p: Parameters) -> None:
    lean = 0.2 * (p[0] - 0.5)
    outer = [(0.05 + lean, -1.0), (0.25, -0.5), (0.62, -0.12), (0.68, 0.45), (0.3, 0.9), (-0.3, 0.9), (-0.66, 0.45),
             (-0.55, 0.0), (-0.38, -0.22), (-0.3, 0.1), (-0.12, -0.45)]  # fmt: skip
    pen.fill(smooth(outer))
    inner = [(0.02, -0.2), (0.16, 0.15), (0.34, 0.5), (0.0, 0.82), (-0.32, 0.5), (-0.12, 0.25)]
    pen.cut(smooth(np.array(inner) * (0.85 + 0.2 * p[1])))


def _leaf(pen: Pen, p: Parameters) -> None:
    fingers = 7
    for k in range(fingers):
        a = (k - fingers // 2) * (0.36 + 0.1 * p[1])
        size = 1.25 - 0.12 * abs(k - fingers // 2) ** 1.5
        ys = np.linspace(0, -size, 14)
        half = (0.1 + 0.03 * p[0]) * np.sin(np.pi * (ys / -size) ** 0.8) * (1 + 0.25 * (np.arange(14) % 2))
        blade = np.vstack([np.column_stack([half, ys]), np.column_stack([-half[::-1], ys[::-1]])])
        pen.fill(turned(blade, a, y=0.45))
        pen.stroke(turned([(0, -0.15), (0, -size * 0.8)], a, y=0.45), 0.02, value=0)
    pen.stroke([(0, 0.4), (0.05, 0.95)], 0.07)


def _tree(pen: Pen, p: Parameters) -> None:
    tiers = 3 + round(p[0])
    for k in range(tiers):
        top = -1.0 + 1.2 * k / tiers
        w = 0.35 + 0.42 * (k + 1) / tiers
        pen.fill([(0, top), (w, top + 0.62), (-w, top + 0.62)])
        pen.cut([(0, top + 0.62), (w * 0.7, top + 0.64), (-w * 0.7, top + 0.64)])
    pen.fill(box(0.2 + 0.08 * p[1], 0.55, y=0.7))


def _bell(pen: Pen, p: Parameters) -> None:
    pen.fill(smooth(mirror([(0.1, -0.85), (0.42, -0.55), (0.5 + 0.06 * p[0], 0.1), (0.86, 0.5)])))
    pen.fill(box(1.75, 0.16, 0.08, y=0.56))
    pen.disc(0, 0.76, 0.17)
    pen.stroke(circle(0, -0.88, 0.12), 0.07, closed=True)
    pen.stroke([(-0.5, 0.2), (0.5, 0.2)], 0.06, value=0)


def _cup(pen: Pen, p: Parameters) -> None:
    for side in (-1, 1):
        pen.stroke(circle(side * 0.52, -0.45, 0.3, squash=1.1), 0.1, closed=True)
    pen.fill(smooth(mirror([(0.6, -0.9), (0.56, -0.35), (0.3, 0.05), (0.1, 0.2)])))
    pen.fill(mirror([(0.6, -0.95), (0.6, -0.75)]))
    pen.fill(mirror([(0.08, 0.1), (0.1, 0.55), (0.42, 0.65), (0.46, 0.9)]))
    if p[0] > 0.4:
        pen.cut(star(5, 0.26, 0.11, y=-0.45))


def _horseshoe(pen: Pen, p: Parameters) -> None:
    t = np.linspace(-0.32 * math.pi, 1.32 * math.pi, 50)
    opening = 0.66 + 0.1 * p[0]
    arc = np.column_stack([opening * np.cos(t), -0.12 - 0.78 * np.sin(t)])
    pen.stroke(arc, 0.3)
    for k in np.linspace(4, 45, 7).astype(int):
        pen.disc(float(arc[k, 0]), float(arc[k, 1]), 0.055, 0)
    for end in (arc[0], arc[-1]):
        pen.fill(box(0.36, 0.14, x=float(end[0]), y=float(end[1]) + 0.1))


def _gear(pen: Pen, p: Parameters) -> None:
    n = 8 + round(6 * p[0])
    a = np.arange(4 * n) * 2 * math.pi / (4 * n)
    r = np.where((np.arange(4 * n) // 2) % 2 == 0, 0.96, 0.74)
    pen.fill(np.column_stack([r * np.cos(a), r * np.sin(a)]))
    pen.disc(0, 0, 0.5, 0)
    pen.fill(star(3 + round(3 * p[1]), 0.62, 0.12))
    pen.disc(0, 0, 0.24)
    pen.disc(0, 0, 0.1, 0)


def _wheel(pen: Pen, p: Parameters) -> None:
    n = 6 + round(4 * p[0])
    pen.stroke(circle(0, 0, 0.74), 0.15, closed=True)
    for k in range(n):
        arm = turned([(0, 0), (0, -0.95)], 2 * math.pi * k / n)
        pen.stroke(arm, 0.08)
        pen.disc(float(arm[1, 0]), float(arm[1, 1]), 0.08)
    pen.disc(0, 0, 0.22)
    pen.disc(0, 0, 0.09, 0)


def _hourglass(pen: Pen, p: Parameters) -> None:
    waist = 0.07 + 0.05 * p[0]
    pen.fill(smooth(mirror([(0.6, -0.8), (0.5, -0.4), (waist, 0.0), (0.5, 0.4), (0.6, 0.8)])))
    pen.fill(box(1.5, 0.18, 0.05, y=-0.88))
    pen.fill(box(1.5, 0.18, 0.05, y=0.88))
    pen.cut(mirror([(0.42, -0.68), (0.02, -0.16 - 0.15 * p[1])]))
    pen.cut(mirror([(0.02, 0.12), (0.3, 0.5), (0.02, 0.42)]))


def _skull(pen: Pen, p: Parameters) -> None:
    pen.fill(smooth(mirror([(0.05, -0.95), (0.5, -0.85), (0.78, -0.4), (0.7, 0.05), (0.42, 0.3), (0.4, 0.5)])))
    pen.fill(box(0.78, 0.6, 0.12, y=0.55))
    eye = 0.2 + 0.05 * p[0]
    for side in (-1, 1):
        pen.cut(circle(side * 0.34, -0.14, eye, squash=0.85 + 0.3 * p[1]))
    pen.cut([(0, 0.06), (0.12, 0.28), (-0.12, 0.28)])
    for x in np.linspace(-0.24, 0.24, 3 + round(2 * p[2])):
        pen.stroke([(float(x), 0.5), (float(x), 0.88)], 0.045, value=0)


def _eye(pen: Pen, p: Parameters) -> None:
    pen.fill(smooth(mirror([(0.02, -0.52), (0.55, -0.36), (1.0, 0.02), (0.55, 0.36), (0.02, 0.48)])))
    pen.cut(smooth(mirror([(0.02, -0.4), (0.5, -0.26), (0.82, 0.02), (0.5, 0.26), (0.02, 0.36)])))
    pen.disc(0, 0, 0.3)
    pen.disc(0, 0, 0.12 + 0.06 * p[0], 0)
    for k in range(-2, 3):
        pen.stroke(turned([(0, -0.66), (0, -0.92)], k * (0.28 + 0.08 * p[1])), 0.08)


def _swords(pen: Pen, p: Parameters) -> None:
    for side in (-1, 1):
        a = side * (0.62 + 0.2 * p[0])
        pen.fill(turned([(-0.07, 0.5), (0.07, 0.5), (0.07, -0.85), (0, -1.05), (-0.07, -0.85)], a))
        pen.stroke(turned([(-0.26, 0.5), (0.26, 0.5)], a), 0.1)
        pen.stroke(turned([(0, 0.5), (0, 0.85)], a), 0.1)
        knob = turned([(0, 0.92)], a)[0]
        pen.disc(float(knob[0]), float(knob[1]), 0.1)
    if p[1] > 0.5:
        pen.disc(0, -0.72, 0.14)


def _axe(pen: Pen, p: Parameters) -> None:
    pen.stroke([(0, -0.9), (0, 0.95)], 0.14)
    for side in (-1, 1) if p[0] > 0.5 else (1,):
        blade = [(0.0, -0.62), (0.4, -0.8), (0.86, -0.9), (0.95, -0.4), (0.86, 0.08), (0.4, -0.1), (0.0, -0.26)]
        pen.fill(smooth(np.array(blade) * [side, 1]))
    pen.stroke([(-0.1, 0.5), (0.1, 0.58)], 0.04, value=0)
    pen.stroke([(-0.1, 0.66), (0.1, 0.74)], 0.04, value=0)


def _mountain(pen: Pen, p: Parameters) -> None:
    pen.fill([(-0.98, 0.6), (-0.35, -0.45 - 0.2 * p[0]), (0.0, 0.05), (0.4, -0.75 + 0.2 * p[1]), (0.98, 0.6)])
    for x, y, s in ((-0.35, -0.45 - 0.2 * p[0], 0.8), (0.4, -0.75 + 0.2 * p[1], 1.0)):
        cap = np.array([(0, 0.1), (0.2, 0.42), (0.08, 0.36), (0.0, 0.5), (-0.1, 0.36), (-0.2, 0.44)]) * s
        pen.cut(cap + np.array([x, y]))
    pen.stroke([(-0.98, 0.76), (0.98, 0.76)], 0.1)


def _wave(pen: Pen, p: Parameters) -> None:
    for k in range(3):
        x = np.linspace(-0.95, 0.95, 60)
        y = -0.5 + 0.5 * k + (0.12 + 0.1 * p[0]) * np.sin((4 + 3 * p[1]) * x + k * math.pi * p[2])
        pen.stroke(np.column_stack([x, y]), 0.18 + 0.05 * p[3])


def _rosette(pen: Pen, p: Parameters) -> None:
    n = 5 + round(5 * p[0])
    for k in range(n):
        petal = smooth(mirror([(0.02, -0.16), (0.13 + 0.16 * p[1], -0.52), (0.1, -0.85), (0.01, -0.98)]))
        pen.fill(turned(petal, 2 * math.pi * k / n))
        if p[2] > 0.4:
            pen.cut(turned(petal * [0.4, 0.55] + [0, -0.25], 2 * math.pi * k / n))
    pen.disc(0, 0, 0.2 + 0.06 * p[3])
    pen.disc(0, 0, 0.1, 0)


def _spiral(pen: Pen, p: Parameters) -> None:
    arms = 1 + round(2 * p[0])
    t = np.linspace(0.3, 4.2 + 4 * (3 - arms) / 2, 90)
    for k in range(arms):
        r = 0.92 * t / t[-1]
        a = t + 2 * math.pi * k / arms
        pen.stroke(np.column_stack([r * np.cos(a), r * np.sin(a)]), 0.14 + 0.04 * p[1])


def _rocket(pen: Pen, p: Parameters) -> None:
    pen.fill(smooth(mirror([(0.02, -1.0), (0.3, -0.55), (0.34, 0.1), (0.24, 0.55)])))
    for side in (-1, 1):
        pen.fill(np.array([(0.28, 0.05), (0.66 + 0.1 * p[0], 0.55), (0.62, 0.8), (0.22, 0.55)]) * [side, 1])
    pen.disc(0, -0.3, 0.15, 0)
    pen.fill(mirror([(0.14, 0.62), (0.16, 0.78), (0.0, 1.0)]))


def _umbrella(pen: Pen, p: Parameters) -> None:
    t = np.linspace(math.pi, 2 * math.pi, 40)
    pen.fill(np.column_stack([0.95 * np.cos(t), 0.0 + 0.8 * np.sin(t)]))
    n = 3 + round(p[0])
    for k in range(n):
        pen.disc(-0.95 + 1.9 * (k + 0.5) / n, 0.03, 0.95 / n, 0)
    pen.stroke(smooth([(0, -0.92), (0, 0.6), (0.06, 0.82), (0.22, 0.85), (0.3, 0.68)], closed=False), 0.1)


def _mushroom(pen: Pen, p: Parameters) -> None:
    pen.fill(smooth(mirror([(0.02, -0.8), (0.55, -0.62), (0.9, -0.05), (0.7, 0.12), (0.2, 0.05)])))
    pen.fill(smooth(mirror([(0.22, 0.0), (0.2, 0.4), (0.34 + 0.08 * p[0], 0.88), (0.05, 0.92)])))
    for x, y, r in ((0.0, -0.45, 0.16), (0.45, -0.22, 0.12), (-0.42, -0.25, 0.14), (0.1, -0.08, 0.08)):
        pen.disc(x, y, r * (0.8 + 0.3 * p[1]), 0)


def _bomb(pen: Pen, p: Parameters) -> None:
    pen.disc(-0.08, 0.2, 0.68)
    pen.fill(turned(box(0.36, 0.3, y=-0.72), 0.55, x=-0.08, y=0.2))
    pen.stroke(smooth([(0.3, -0.42), (0.42, -0.72), (0.7, -0.72 - 0.1 * p[0])], closed=False), 0.07)
    pen.fill(star(7, 0.24, 0.09, x=0.76, y=-0.74))
    pen.cut(smooth([(-0.52, 0.1), (-0.4, -0.18), (-0.2, -0.28), (-0.32, -0.05)]))


def _dice(pen: Pen, p: Parameters) -> None:
    pen.fill(turned(box(1.4, 1.4, 0.2), 0.25 * (p[0] - 0.5)))
    spots = [(-1, -1), (1, 1), (1, -1), (-1, 1)] + ([(0, 0)] if p[1] > 0.5 else [(-1, 0), (1, 0)])
    for x, y in turned(np.array(spots) * 0.4, 0.25 * (p[0] - 0.5)):
        pen.disc(float(x), float(y), 0.14, 0)


def _rook(pen: Pen, p: Parameters) -> None:
    pen.fill(mirror([(0.6, -0.9), (0.6, -0.4), (0.36, -0.28), (0.42, 0.45), (0.66, 0.6), (0.72, 0.9)]))
    for x in (-0.28, 0.28):
        pen.cut(box(0.18, 0.26, x=x, y=-0.86))
    pen.stroke([(-0.5, 0.5), (0.5, 0.5)], 0.06 + 0.03 * p[0], value=0)
    if p[1] > 0.4:
        pen.cut(box(0.18, 0.4, 0.09, y=0.1))


def _butterfly(pen: Pen, p: Parameters) -> None:
    for side in (-1, 1):
        upper = [(0.04, -0.1), (0.3, -0.62), (0.75, -0.86), (0.96, -0.55), (0.78, -0.08), (0.3, 0.06)]
        lower = [(0.05, 0.05), (0.45, 0.06), (0.74, 0.32), (0.58, 0.75), (0.26, 0.66 + 0.2 * p[0])]
        for wing in (upper, lower):
            pen.fill(smooth(np.array(wing) * [side, 1]))
        pen.cut(circle(side * 0.64, -0.48, 0.14 + 0.05 * p[1]))
        pen.cut(circle(side * 0.45, 0.36, 0.11))
        pen.stroke(smooth([(0, -0.45), (side * 0.1, -0.75), (side * 0.26, -0.92)], closed=False), 0.04)
    pen.fill(circle(0, 0.05, 0.085, squash=6.2))


def _fish(pen: Pen, p: Parameters) -> None:
    pen.fill(smooth([(-0.95, 0.02), (-0.6, -0.34), (-0.05, -0.46 - 0.1 * p[0]), (0.5, -0.08), (0.5, 0.1), (-0.05, 0.44),
                     (-0.6, 0.3)]))  # fmt: skip
    pen.fill([(0.42, 0.0), (0.98, -0.45), (0.84, 0.0), (0.98, 0.45)])
    pen.fill([(-0.3, -0.35), (0.1, -0.75), (0.3, -0.25)])
    pen.disc(-0.62, -0.08, 0.08, 0)
    t = np.linspace(-0.8, 0.8, 16)
    for x in (-0.38, -0.08, 0.18)[: 1 + round(2 * p[1])]:
        pen.stroke(np.column_stack([x + 0.1 * np.cos(t * 1.6), 0.32 * t]), 0.05, value=0)


def _bird(pen: Pen, p: Parameters) -> None:
    lift = 0.2 * p[0]
    wing = [(0.06, -0.2), (0.4, -0.62 - lift), (1.0, -0.72 - lift), (0.9, -0.46), (0.78, -0.42), (0.76, -0.2),
            (0.6, -0.2), (0.54, 0.02), (0.38, 0.0), (0.26, 0.26)]  # fmt: skip
    pen.fill(wing)
    pen.fill(np.array(wing) * [-1, 1])
    pen.fill(smooth(mirror([(0.02, -0.3), (0.2, -0.05), (0.18, 0.4), (0.02, 0.6)])))
    pen.fill(mirror([(0.1, 0.4), (0.34 + 0.1 * p[1], 0.94), (0.12, 0.82), (0.0, 0.98)]))
    pen.disc(0.02, -0.46, 0.19)
    pen.fill([(0.14, -0.58), (0.42, -0.4), (0.14, -0.36)])
    pen.disc(0.08, -0.5, 0.045, 0)


def _snake(pen: Pen, p: Parameters) -> None:
    y = np.linspace(-0.72, 0.85, 60)
    x = (0.42 + 0.16 * p[0]) * np.sin(5.2 * y + 0.6) * np.linspace(0.75, 1.0, 60)
    for k in range(59):
        pen.stroke([(x[k], y[k]), (x[k + 1], y[k + 1])], 0.23 * (1 - (k / 75) ** 2))
    hx = float(x[0])
    pen.fill(smooth([(hx - 0.2, -0.68), (hx, -0.98), (hx + 0.2, -0.68), (hx, -0.56)]))
    pen.disc(hx - 0.07, -0.76, 0.035, 0)
    pen.disc(hx + 0.07, -0.76, 0.035, 0)
    for k in range(6, 48, 6):
        pen.disc(float(x[k]), float(y[k]), 0.045, 0)


def _scorpion(pen: Pen, p: Parameters) -> None:
    pen.fill(circle(0, 0.02, 0.24, squash=1.5))
    tail = smooth(
        [(0, 0.35), (0.1, 0.66), (0.4, 0.86), (0.72, 0.7), (0.78, 0.4), (0.6 - 0.1 * p[0], 0.28)], closed=False
    )
    for k in range(0, len(tail), 7):
        pen.disc(float(tail[k, 0]), float(tail[k, 1]), 0.125 - 0.0008 * k)
    pen.fill([(0.62, 0.36), (0.4, 0.2), (0.66, 0.2)])
    for side in (-1, 1):
        arm = smooth([(side * 0.16, -0.25), (side * 0.5, -0.36), (side * 0.55, -0.66)], closed=False)
        pen.stroke(arm, 0.1)
        claw = [(0.46, -0.6), (0.34, -0.84), (0.46, -1.0), (0.52, -0.8), (0.6, -0.8), (0.72, -0.98), (0.76, -0.72)]
        pen.fill(np.array(claw) * [side, 1])
        for k in range(3):
            leg = [(side * 0.18, -0.1 + 0.18 * k), (side * 0.52, -0.16 + 0.24 * k), (side * 0.66, 0.06 + 0.24 * k)]
            pen.stroke(leg, 0.06)
    for y in (-0.12, 0.06, 0.22):
        pen.stroke([(-0.24, y), (0.24, y)], 0.03, value=0)


def _bull(pen: Pen, p: Parameters) -> None:
    pen.fill(smooth(mirror([(0.12, -0.42), (0.4, -0.35), (0.44, 0.05), (0.24, 0.5), (0.26, 0.82), (0.05, 0.95)])))
    for side in (-1, 1):
        spread = 0.86 + 0.12 * p[0]
        horn = [(0.22, -0.3), (0.6, -0.34), (0.78, -0.6), (0.74, -0.98), (spread, -0.7), (0.9, -0.3), (0.62, -0.08)]
        pen.fill(smooth(np.array(horn) * [side, 1]))
        pen.fill(smooth(np.array([(0.36, -0.12), (0.7, -0.04), (0.56, 0.14)]) * [side, 1]))
        pen.cut(np.array([(0.12, 0.02), (0.32, -0.08), (0.26, 0.1)]) * [side, 1])
        pen.disc(side * 0.11, 0.76, 0.055, 0)
    if p[1] > 0.5:
        pen.stroke(circle(0, 0.9, 0.13), 0.05, closed=True)


def _cat(pen: Pen, p: Parameters) -> None:
    pen.fill(smooth(mirror([(0.05, -0.42), (0.45, -0.4), (0.78, 0.05), (0.62, 0.52), (0.2, 0.8)])))
    for side in (-1, 1):
        pen.fill(np.array([(0.16, -0.36), (0.66, -0.98), (0.74, -0.05)]) * [side, 1])
        pen.cut(np.array([(0.4, -0.42), (0.6, -0.72), (0.63, -0.3)]) * [side, 1])
        pen.cut(turned(circle(0, 0, 0.17, squash=0.5 + 0.4 * p[0]), side * 0.35, x=side * 0.32, y=0.06))
        for k in (-1, 0, 1):
            pen.stroke([(side * 0.3, 0.42 + 0.05 * k), (side * 0.98, 0.36 + 0.16 * k)], 0.03, value=255 if k else 0)
    pen.cut([(-0.1, 0.34), (0.1, 0.34), (0, 0.46)])
    pen.stroke([(-0.16, 0.6), (0, 0.5), (0.16, 0.6)], 0.04, value=0)


def _owl(pen: Pen, p: Parameters) -> None:
    pen.fill(smooth(mirror([(0.02, -0.7), (0.58, -0.85), (0.6, -0.3), (0.64, 0.3), (0.4, 0.82), (0.05, 0.9)])))
    for side in (-1, 1):
        pen.fill(np.array([(0.3, -0.7), (0.62, -1.0), (0.6, -0.5)]) * [side, 1])
        pen.disc(side * 0.28, -0.4, 0.25, 0)
        pen.disc(side * 0.28, -0.4, 0.12 + 0.05 * p[0])
        pen.stroke(np.array([(0.62, 0.05), (0.34, 0.4), (0.3, 0.75)]) * [side, 1], 0.05, value=0)
    pen.fill([(-0.1, -0.34), (0.1, -0.34), (0, -0.08)])
    for row in range(3):
        for x in np.linspace(-0.18, 0.18, 2 + (row + round(p[1])) % 2):
            pen.stroke([(x - 0.07, 0.1 + 0.2 * row), (x, 0.18 + 0.2 * row), (x + 0.07, 0.1 + 0.2 * row)], 0.04, value=0)


def _horse(pen: Pen, p: Parameters) -> None:
    outline = [(-0.05, -0.98), (0.12, -0.7), (0.42, -0.5), (0.72, 0.02), (0.66, 0.22), (0.44, 0.24), (0.3, 0.08),
               (0.08, 0.08), (0.1, 0.3), (0.34, 0.62), (0.4, 0.92), (-0.62, 0.92), (-0.66, 0.3), (-0.5, -0.3),
               (-0.26, -0.66)]  # fmt: skip
    pen.fill(outline)
    pen.disc(0.2, -0.4, 0.06, 0)
    pen.disc(0.6, 0.08, 0.04, 0)
    mane = smooth([(-0.12, -0.66), (-0.34, -0.3), (-0.42, 0.2), (-0.36, 0.85)], closed=False)
    pen.stroke(mane, 0.05 + 0.03 * p[0], value=0)
    for k in range(4):
        pen.fill(
            [(-0.3 - 0.1 * k, -0.62 + 0.34 * k), (-0.82 - 0.06 * p[1], -0.56 + 0.34 * k), (-0.44, -0.3 + 0.34 * k)]
        )


def _spider(pen: Pen, p: Parameters) -> None:
    pen.fill(circle(0, 0.28, 0.3, squash=1.25))
    pen.disc(0, -0.22, 0.2)
    for side in (-1, 1):
        for k, (knee, foot) in enumerate((((0.42, -0.72), (0.36, -1.0)), ((0.68, -0.42), (0.94, -0.62)),
                                          ((0.7, 0.06), (0.98, 0.4)), ((0.5, 0.34), (0.66, 0.98)))):  # fmt: skip
            root = (side * 0.12, -0.3 + 0.12 * k)
            pen.stroke([root, (side * knee[0], knee[1]), (side * foot[0], foot[1])], 0.065 + 0.03 * p[0])
    if p[1] > 0.4:
        pen.cut(mirror([(0.12, 0.14), (0.02, 0.28), (0.12, 0.44)]))


def _crab(pen: Pen, p: Parameters) -> None:
    pen.fill(circle(0, 0.2, 0.55, squash=0.66))
    for side in (-1, 1):
        pen.stroke(np.array([(0.4, 0.0), (0.72, -0.2), (0.7, -0.44)]) * [side, 1], 0.12)
        pen.disc(side * 0.66, -0.62, 0.27)
        pen.cut(np.array([(0.6, -1.0), (0.74, -0.98), (0.64, -0.54)]) * [side, 1])
        for k in range(3):
            leg = [(0.42, 0.3 + 0.1 * k), (0.8 - 0.1 * k, 0.3 + 0.18 * k), (0.86 - 0.14 * k, 0.6 + 0.14 * k)]
            pen.stroke(np.array(leg) * [side, 1], 0.08)
        pen.stroke([(side * 0.16, -0.1), (side * 0.2, -0.36)], 0.06)
        pen.disc(side * 0.2, -0.38, 0.08)
    pen.stroke(smooth([(-0.26, 0.26), (0, 0.38 + 0.1 * p[0]), (0.26, 0.26)], closed=False), 0.05, value=0)


def _turtle(pen: Pen, p: Parameters) -> None:
    pen.fill(circle(0, 0.05, 0.58, squash=1.12))
    pen.fill(circle(0, -0.76, 0.2, squash=1.15))
    for side in (-1, 1):
        pen.fill(smooth(np.array([(0.36, -0.42), (0.86, -0.7), (0.9, -0.36), (0.5, -0.2)]) * [side, 1]))
        pen.fill(smooth(np.array([(0.36, 0.5), (0.74, 0.66), (0.62, 0.92), (0.3, 0.68)]) * [side, 1]))
    w = 0.05 + 0.02 * p[0]
    hexagon = regular(6, 0.26, y=0.05)
    pen.stroke(hexagon, w, closed=True, value=0)
    for corner in hexagon:
        pen.stroke([corner, corner * [2.05, 2.2]], w, value=0)


def _dolphin(pen: Pen, p: Parameters) -> None:
    pen.fill(smooth([(-0.98, 0.2), (-0.76, 0.02), (-0.4, -0.44), (0.1, -0.56), (0.5, -0.28), (0.72, 0.24), (0.66, 0.5),
                     (0.52, 0.24), (0.2, 0.02), (-0.2, 0.08), (-0.62, 0.2)]))  # fmt: skip
    pen.fill([(0.0, -0.48), (0.34 + 0.08 * p[0], -0.92), (0.38, -0.34)])
    pen.fill([(0.6, 0.34), (0.98, 0.5), (0.74, 0.62), (0.56, 0.94), (0.5, 0.5)])
    pen.fill(smooth([(-0.2, 0.02), (-0.04, 0.44), (0.1, 0.02)]))
    pen.disc(-0.56, -0.08, 0.05, 0)


def _bee(pen: Pen, p: Parameters) -> None:
    for side in (-1, 1):
        pen.fill(turned(circle(0, 0, 0.2, squash=2.1), side * (0.95 + 0.2 * p[0]), x=side * 0.5, y=-0.2))
        pen.stroke([(side * 0.06, -0.6), (side * 0.26, -0.92)], 0.05)
    pen.disc(0, -0.5, 0.22)
    pen.fill(circle(0, 0.18, 0.3, squash=1.9))
    for y in (0.02, 0.24, 0.46):
        pen.stroke([(-0.34, y), (0.34, y)], 0.085, value=0)
    pen.fill([(-0.07, 0.7), (0.07, 0.7), (0, 0.98)])


def _feather(pen: Pen, p: Parameters) -> None:
    pen.fill(turned(smooth(mirror([(0.01, -1.0), (0.26 + 0.08 * p[0], -0.5), (0.26, 0.1), (0.03, 0.55)])), 0.5))
    pen.stroke(turned([(0, -0.85), (0, 1.0)], 0.5), 0.05, value=0)
    pen.stroke(turned([(0, 0.4), (0, 1.0)], 0.5), 0.06)
    for k in range(4):
        y = -0.5 + 0.25 * k
        side = 1 if k % 2 else -1
        pen.cut(turned([(0.03 * side, y), (0.4 * side, y - 0.28), (0.4 * side, y - 0.14 - 0.05 * p[1])], 0.5))


def _rose(pen: Pen, p: Parameters) -> None:
    pen.disc(0, -0.35, 0.56)
    for k in range(5):
        x, y = turned([(0, -0.4)], 2 * math.pi * k / 5 + p[0])[0]
        pen.disc(float(x), float(y) - 0.35, 0.27)
    t = np.linspace(0.4, 9.5, 80)
    pen.stroke(np.column_stack([0.05 * t * np.cos(t), -0.35 + 0.05 * t * np.sin(t)]), 0.055, value=0)
    pen.stroke([(0, 0.25), (0, 1.0)], 0.1)
    for side in (-1, 1):
        pen.fill(smooth(np.array([(0.03, 0.78), (0.3, 0.48), (0.58, 0.5), (0.36, 0.76)]) * [side, 1]))


def _face(pen: Pen, p: Parameters) -> None:
    pen.disc(0, 0, 0.95)
    eye = 0.13 + 0.04 * p[0]
    for side in (-1, 1):
        if p[1] > 0.6:
            pen.stroke([(side * 0.33 - 0.12, -0.42), (side * 0.33 + 0.12, -0.14)], 0.09, value=0)
            pen.stroke([(side * 0.33 + 0.12, -0.42), (side * 0.33 - 0.12, -0.14)], 0.09, value=0)
        else:
            pen.cut(circle(side * 0.32, -0.26, eye, squash=1.6))
    t = np.linspace(0.12 * math.pi, 0.88 * math.pi, 30)
    pen.stroke(np.column_stack([0.6 * np.cos(t), 0.02 + (0.42 + 0.2 * p[2]) * np.sin(t)]), 0.12, value=0)


def _arrowhead(pen: Pen, p: Parameters) -> None:
    for k in range(2 + round(p[0])):
        y = -0.55 + 0.52 * k
        pen.fill(mirror([(0.0, y - 0.4), (0.85, y + 0.35), (0.85, y + 0.35 + 0.22), (0.0, y - 0.4 + 0.3 + 0.1 * p[1])]))


def _palm(pen: Pen, p: Parameters) -> None:
    pen.stroke(smooth([(0.1, 0.95), (-0.06, 0.4), (0.02, -0.3)], closed=False), 0.15)
    for a in np.linspace(-2.0, 2.0, 6 + round(p[0])):
        frond = [(0.0, 0.0), (0.22, -0.42), (0.3, -0.86), (0.02, -0.5)]
        pen.fill(turned(smooth(frond), float(a), x=0.02, y=-0.32))
    for x, y in ((-0.08, -0.2), (0.14, -0.2)):
        pen.disc(x, y, 0.1)
    pen.fill(smooth(mirror([(0.05, 0.82), (0.6, 0.9), (0.05, 1.0)])))


def _ship(pen: Pen, p: Parameters) -> None:
    pen.fill([(-0.95, 0.4), (0.95, 0.4), (0.66, 0.78), (-0.6, 0.78)])
    pen.stroke([(0, 0.4), (0, -0.98)], 0.07)
    pen.fill(smooth([(0.08, -0.9), (0.62 + 0.1 * p[0], -0.2), (0.66, 0.28), (0.08, 0.28)]))
    pen.fill([(-0.08, -0.75), (-0.7, 0.28), (-0.08, 0.28)])
    pen.stroke([(-0.9, 0.92), (0.9, 0.92)], 0.08)


def _knot(pen: Pen, p: Parameters) -> None:
    lobes = 3 + round(2 * p[0])
    t = np.linspace(0, 2 * math.pi, 240, endpoint=False)
    r = 0.62 + (0.24 + 0.08 * p[1]) * np.cos(lobes * t)
    curve = np.column_stack([r * np.cos(t + 0.5 * np.sin(lobes * t)), r * np.sin(t + 0.5 * np.sin(lobes * t))])
    pen.stroke(curve, 0.2, closed=True)
    pen.stroke(curve, 0.07, closed=True, value=0)
    pen.fill(regular(lobes, 0.22 + 0.08 * p[2]))


def _blades(pen: Pen, p: Parameters) -> None:
    n = 3 + round(3 * p[0])
    for k in range(n):
        blade = [(0.0, -0.12), (0.2 + 0.2 * p[1], -0.5), (0.5 + 0.2 * p[2], -0.8), (0.02, -0.98), (-0.14, -0.5)]
        pen.fill(turned(smooth(blade), 2 * math.pi * k / n))
    pen.disc(0, 0, 0.22)
    pen.disc(0, 0, 0.1, 0)


def _maze(pen: Pen, p: Parameters) -> None:
    n = 4
    for k in range(n):
        size = 1.7 - 0.42 * k
        pen.stroke(box(size, size, 0.02), 0.09, closed=True)
        side = int(p[k % 4] * 3.99)
        pen.stroke(
            turned([(0.12 * (k - 1), -size / 2), (0.12 * (k - 1) + 0.14, -size / 2)], side * math.pi / 2), 0.16, value=0
        )
        pen.stroke(turned([(0.1, -size / 2), (0.1, -size / 2 + 0.2)], (side + 2) * math.pi / 2), 0.08)


EMBLEMS: dict[str, Emblem] = {
    name.removeprefix("_"): function
    for name, function in sorted(globals().items())
    if name.startswith("_") and callable(function) and getattr(function, "__module__", "") == __name__
}
"""Every emblem by its name."""
