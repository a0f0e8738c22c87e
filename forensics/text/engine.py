"""The two networks that read: one finds lines, the other spells them. Both are files of the package ``rapidocr``.

PP-OCRv6 of PaddleOCR (Cui et al., "PaddleOCR 3.0 Technical Report", arXiv 2507.05595), in its small size: a detector by
differentiable binarisation (Liao et al., AAAI 2020) and a recogniser by connectionist temporal classification (Graves
et al., ICML 2006). They know Latin with its accents, Greek, digits, and Chinese and Japanese characters.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray


class Engine(Protocol):
    """Finds lines of text, and spells one."""

    def find(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the lines on a picture (RGB) as turned rectangles of shape (N, 4, 2), in its pixels."""
        ...

    def spell(self, line: NDArray[np.uint8]) -> tuple[str, float]:
        """Return what is written on a straightened line (RGB), and the mean confidence in [0, 1]."""
        ...


class _RapidOcr:
    """The networks through ``rapidocr``, on one thread, from its own files: it is never left to fetch any."""

    def __init__(self) -> None:
        # Imported here: it takes half a second, and most processes never read.
        from rapidocr import RapidOCR

        with as_file(files("rapidocr") / "models") as models:
            self._engine: Any = RapidOCR(
                params={
                    "Global.log_level": "error",
                    # Sizes, turns and small confidences are this program's own business.
                    "Global.use_preprocess_img": False,
                    "Global.use_vertical_padding": False,
                    "Global.use_cls": False,
                    "Det.model_path": str(models / "PP-OCRv6_det_small.onnx"),
                    "Det.limit_type": "max",
                    "Det.limit_side_len": 1 << 16,
                    "Rec.model_path": str(models / "PP-OCRv6_rec_small.onnx"),
                    "Rec.rec_img_shape": [3, LINE_HEIGHT, 2 * LINE_HEIGHT],
                    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                }
            )

    def find(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        found = self._engine(_bgr(pixels), use_det=True, use_rec=False).boxes
        return np.empty((0, 4, 2), np.float32) if found is None else np.asarray(found, np.float32)

    def spell(self, line: NDArray[np.uint8]) -> tuple[str, float]:
        read = self._engine(_bgr(line), use_det=False, use_rec=True)
        return (read.txts[0], float(read.scores[0])) if read.txts else ("", 0.0)


LINE_HEIGHT = 48
"""Pixels: the height of a line that the recogniser was trained on."""


def _bgr(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.ascontiguousarray(pixels[:, :, ::-1])


@cache
def engine() -> Engine:
    """Return this process's networks, loaded when first asked for (about half a second, and 150 MB)."""
    return _RapidOcr()
