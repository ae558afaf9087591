"""How fast tinyml trains beside its peers: ``python -m tests.benchmarks``."""
