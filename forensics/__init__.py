"""Pure science: arrays and plain values in, frozen dataclasses out.

No database, no web, no clock, no files but the bytes given to it. Every line of evidence has the same two rooms:
``describe`` (picture or table to features) and ``compare`` (two features to a
:class:`~forensics.comparison.Comparison`). Lengths are metres, masses kilograms, angles radians; positions on a
photograph are pixels, x to the right and y down, with the origin at the centre of the top left pixel.
"""
