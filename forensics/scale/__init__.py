"""Scales on a photograph: where they are, and how many millimetres a pixel is."""

from forensics.scale.find import ScaleParams, find_scales
from forensics.scale.scale import Scale, with_scale

__all__ = ["Scale", "ScaleParams", "find_scales", "with_scale"]
