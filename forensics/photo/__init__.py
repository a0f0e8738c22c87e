"""Bytes to a ``Photo``: decoding, and the quality gate."""

from forensics.photo.decode import DecodeParams, decode
from forensics.photo.photo import Camera, Photo

__all__ = ["Camera", "DecodeParams", "Photo", "decode"]
