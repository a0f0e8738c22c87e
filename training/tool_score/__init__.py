"""Train the score of the same tool on generated marks: ``pairs`` measures them, ``fit`` weighs the measurements.

::

    python -m training.tool_score.pairs work/ --seed 101 --most 130
    python -m training.tool_score.pairs work/ --seed 102 --most 130
    python -m training.tool_score.fit work/pairs-101.json work/pairs-102.json

The last writes ``forensics/logo/tool/score.json``. The seeds of the benchmark are other ones.
"""
