"""The command line: ``cachet serve``, ``ingest``, ``search``, ``demo``, ``reindex``, ``doctor``, ``settings``."""

from api.cli.main import app

__all__ = ["app"]
