"""Chemical profiles: read, pretreat, compare."""

from forensics.chemistry.compare import METHOD, PearsonParams, compare
from forensics.chemistry.profile import Amount, Profile
from forensics.chemistry.read_csv import CsvParams, SampleProfile, read_csv

__all__ = ["METHOD", "Amount", "CsvParams", "PearsonParams", "Profile", "SampleProfile", "compare", "read_csv"]
