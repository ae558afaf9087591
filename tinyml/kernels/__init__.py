"""The compiled side of tinyml: elementary functions and sweeps over a tape.

Importing this package does not import numba; :mod:`tinyml.kernels.sweep` does.
"""

from tinyml.kernels.compiler import cache_folder, is_warm

__all__ = ["cache_folder", "is_warm"]
