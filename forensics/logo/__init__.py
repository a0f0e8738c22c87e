"""Printed, inked, stuck or embossed designs: find, describe, compare."""
