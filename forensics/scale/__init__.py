"""Scales on a photograph: where they are, how many millimetres a pixel is, and what a card says of the colours."""

from forensics.scale.card import Card, CardParams, find_cards, rectified
from forensics.scale.find import ScaleParams, find_scales
from forensics.scale.patches import ColourCorrection, ColourParams, NoCorrection, correct_colour
from forensics.scale.scale import Scale, with_scale

__all__ = [
    "Card",
    "CardParams",
    "ColourCorrection",
    "ColourParams",
    "NoCorrection",
    "Scale",
    "ScaleParams",
    "correct_colour",
    "find_cards",
    "find_scales",
    "rectified",
    "with_scale",
]
