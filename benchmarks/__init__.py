"""One command a claim: ``python -m benchmarks NAME [--json FILE]``."""
