"""Train the score of the same tool on generated marks: ``pairs`` measures them, ``fit`` weighs the measurements.

::

    python -m training.tool_score.pairs work/ --seed 101 --designs 24
    python -m training.tool_score.pairs work/ --seed 102 --designs 24
    python -m training.tool_score.fit work/pairs-101.json work/pairs-102.json

The last writes ``forensics/logo/tool/score.json``. The seeds of the benchmark are other ones.
The weights that are shipped were fitted on fewer pairs, laid over each other in another way: ``docs/models/tool.md``.
"""
