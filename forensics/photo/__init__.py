"""Bytes to a ``Photo``: decoding, and the quality gate."""

from forensics.photo.blur import BlurParams
from forensics.photo.decode import DecodeParams, decode
from forensics.photo.photo import Camera, Photo
from forensics.photo.quality import Finding, Quality, QualityParams, assess

__all__ = [
    "BlurParams",
    "Camera",
    "DecodeParams",
    "Finding",
    "Photo",
    "Quality",
    "QualityParams",
    "assess",
    "decode",
]
