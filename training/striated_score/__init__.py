"""Weigh the measurements of two striated marks: ``pairs`` measures them, ``fit`` weighs them.

::

    python -m training.striated_score.fit ../shared/data/toolmarks/screwdriver_tmaRks

writes ``forensics/toolmark/striated/score.json``. The set's licence allows it; NOTICE names it.
"""
