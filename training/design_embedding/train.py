"""Train the design embedding: ``python -m training.design_embedding.train --help``."""

from __future__ import annotations

import argparse
import copy
import logging
import time
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.design_embedding.designs import Recipe, draw, draw_recipe, look_alike
from training.design_embedding.export import write
from training.design_embedding.network import D_DESIGN, Head, Trunk
from training.design_embedding.sources import Sources, load
from training.design_embedding.views import Studio, furnish, render

SIDE = 128
"""Of the pictures, in pixels."""

VIEWS = 3
"""Pictures taken of each design; a batch shows two of them."""

NEW = 12
"""Designs drawn before each step; the first third of them is followed by a look-alike, which differs in one thing."""

TEMPERATURE = 0.06
"""Of the softmax over similarities; lower looks at the nearest wrong designs only."""

REMEMBERED = 4096
"""Embeddings of earlier batches that serve as further wrong designs."""

SLOWLY = 0.99
"""The weights that are kept are a running mean, with this share of the last."""

log = logging.getLogger("training")


class Pool:
    """Every picture taken so far, as the trunk sees it. Designs 2 k and 2 k + 1 of ``pairs`` look alike."""

    def __init__(self, sources: Sources, studio: Studio, trunk: onnxruntime.InferenceSession, *, seed: int) -> None:
        self.sources, self.studio, self.trunk = sources, studio, trunk
        self.rng = np.random.default_rng(seed)
        self.fine: list[NDArray[np.float16]] = []
        self.coarse: list[NDArray[np.float16]] = []
        self.alone: list[int] = []
        self.pairs: list[int] = []

    def grow(self) -> None:
        """Draw new designs and take their pictures."""
        recipes = []
        for number in range(NEW - NEW // 3):
            recipe = draw_recipe(self.sources, self.rng)
            recipes.append(recipe)
            if number < NEW // 3:
                self.pairs += [len(self.alone) + len(recipes) - 1, len(self.alone) + len(recipes)]
                recipes.append(look_alike(recipe, self.sources, self.rng))
        designs = [draw(recipe, self.sources) for recipe in recipes]
        views = [render(design, self.studio, self.rng, side=SIDE) for design in designs for _ in range(VIEWS)]
        fine, coarse = self.trunk.run(None, {"regions": np.stack(views)})
        for number, recipe in enumerate(recipes):
            its = slice(VIEWS * number, VIEWS * number + VIEWS)
            self.fine.append(fine[its].astype(np.float16))
            self.coarse.append(coarse[its].astype(np.float16))
            self.alone.append(_alone(recipe))

    def batch(self, count: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return two views of each of some designs: features, the designs' numbers and their lone icons."""
        pairs = self.rng.choice(len(self.pairs) // 2, min(count // 4, len(self.pairs) // 2), replace=False)
        paired = [self.pairs[2 * pair + k] for pair in pairs for k in range(2)]
        others = self.rng.choice(len(self.alone), min(count, len(self.alone)), replace=False).tolist()
        chosen = list(dict.fromkeys([*paired, *others]))[:count]
        first = self.rng.integers(VIEWS, size=len(chosen))
        second = (first + self.rng.integers(1, VIEWS, size=len(chosen))) % VIEWS
        seen = [(design, view) for views in (first, second) for design, view in zip(chosen, views, strict=True)]
        fine = torch.from_numpy(np.stack([self.fine[design][view] for design, view in seen]))
        coarse = torch.from_numpy(np.stack([self.coarse[design][view] for design, view in seen]))
        return fine.float(), coarse.float(), torch.tensor(chosen), torch.tensor([self.alone[k] for k in chosen])


def _alone(recipe: Recipe) -> int:
    """Return the icon of a design without a word, which another design may be too; -1 where there is a word."""
    return recipe.icon if recipe.layout == "icon" or (recipe.layout == "badge" and recipe.palette % 3 == 0) else -1


class Memory:
    """Embeddings of earlier batches: Wang et al., "Cross-batch memory for embedding learning", CVPR 2020."""

    def __init__(self) -> None:
        self.rows = torch.zeros(0, D_DESIGN)
        self.designs = torch.zeros(0, dtype=torch.int64)
        self.alone = torch.zeros(0, dtype=torch.int64)

    def add(self, rows: Tensor, designs: Tensor, alone: Tensor) -> None:
        """Remember one view of each design of a batch, and forget the oldest."""
        self.rows = torch.cat([rows.detach(), self.rows])[:REMEMBERED]
        self.designs = torch.cat([designs, self.designs])[:REMEMBERED]
        self.alone = torch.cat([alone, self.alone])[:REMEMBERED]


def loss_of(rows: Tensor, designs: Tensor, alone: Tensor, memory: Memory) -> Tensor:
    """InfoNCE: the other view of a design against every other design of the batch and of the memory."""
    count = len(designs)
    twice, lone = torch.cat([designs, designs]), torch.cat([alone, alone])
    against = torch.cat([twice, memory.designs]), torch.cat([lone, memory.alone])
    logits = rows @ torch.cat([rows, memory.rows]).T / TEMPERATURE
    no_evidence = (twice[:, None] == against[0]) | ((lone[:, None] == against[1]) & (lone[:, None] >= 0))
    places = torch.arange(2 * count)
    target = places.roll(count)
    no_evidence[places, target] = False
    return torch.nn.functional.cross_entropy(logits.masked_fill(no_evidence, -torch.inf), target)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packages", type=Path, required=True, help="the node_modules folder")
    parser.add_argument("--pictures", type=Path, required=True, help="folder of photographs for grounds")
    parser.add_argument("--imagenet", type=Path, required=True, help="the ImageNet weights of the package (.pth)")
    parser.add_argument("--out", type=Path, required=True, help="where the trained weights go")
    parser.add_argument("--steps", type=int, default=1500, help="batches")
    parser.add_argument("--designs", type=int, default=96, help="designs of a batch")
    parser.add_argument("--rate", type=float, default=2e-3, help="learning rate")
    parser.add_argument("--minutes", type=float, default=1e9, help="come to the end by then, at the latest")
    parser.add_argument("--seed", type=int, default=27)
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.manual_seed(given.seed)
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    trunk = Trunk(given.imagenet)
    session = onnxruntime.InferenceSession(write(trunk, ["fine", "coarse"]).SerializeToString(), options)
    log.info("trunk ready")
    sources = load(given.packages, given.pictures, "train")
    log.info("%d icons, %d fonts, %d photographs", len(sources.icons), len(sources.fonts), len(sources.photographs))
    pool = Pool(sources, furnish(sources, np.random.default_rng(given.seed)), session, seed=given.seed)
    train(trunk, pool, given)


def train(trunk: Trunk, pool: Pool, given: argparse.Namespace) -> None:
    """Train the head, and store trunk and the running mean of the head every 50 steps."""
    head = Head().to(memory_format=torch.channels_last).train()
    mean = copy.deepcopy(head).eval()
    optimiser = torch.optim.AdamW(head.parameters(), lr=given.rate, weight_decay=0.02)
    memory, began, shown = Memory(), time.monotonic(), 0.0
    for _ in range(10):
        pool.grow()
    for step in range(given.steps):
        done = max(step / given.steps, (time.monotonic() - began) / 60 / given.minutes)
        if done >= 1:
            break
        # Up in 40 steps, level, and down to nothing over the second half.
        for group in optimiser.param_groups:
            group["lr"] = given.rate * min(1.0, (step + 1) / 40, 2 * (1 - done))
        pool.grow()
        fine, coarse, designs, alone = pool.batch(given.designs)
        rows = head(fine, coarse)
        loss = loss_of(rows, designs, alone, memory)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(head.parameters(), 5.0)
        optimiser.step()
        if step >= 50:
            memory.add(rows[len(designs) :], designs, alone)
        kept = min(SLOWLY, (step + 1) / (step + 10))
        with torch.no_grad():
            for slow, fast in zip(mean.state_dict().values(), head.state_dict().values(), strict=True):
                slow.copy_(slow.lerp(fast, 1 - kept) if slow.dtype.is_floating_point else fast)
        shown += (loss.item() - shown) / min(step + 1, 25)
        if step % 25 == 24:
            log.info(
                "step %d, loss %.3f, %d designs, %.0f s of CPU", step + 1, shown, len(pool.alone), time.process_time()
            )
        if step % 50 == 49 or step + 1 == given.steps:
            torch.save({"trunk": trunk.state_dict(), "head": mean.state_dict(), "steps": step + 1}, given.out)
    torch.save({"trunk": trunk.state_dict(), "head": mean.state_dict(), "steps": step}, given.out)


if __name__ == "__main__":
    main()
