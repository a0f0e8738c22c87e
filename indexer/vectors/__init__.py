"""Vector spaces: one small protocol, and FAISS behind it."""

from indexer.vectors.faiss_space import FaissSpace
from indexer.vectors.layout import SpaceParams
from indexer.vectors.space import Excluding, IdRange, Metric, Saved, SpaceUnusable, VectorSpace, VectorsRefused

__all__ = [
    "Excluding",
    "FaissSpace",
    "IdRange",
    "Metric",
    "Saved",
    "SpaceParams",
    "SpaceUnusable",
    "VectorSpace",
    "VectorsRefused",
]
