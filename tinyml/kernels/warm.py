"""Fill the cache of compiled kernels: ``python -m tinyml.kernels.warm``."""

from __future__ import annotations

import gc

from tinyml.kernels.compiler import forget, mark_warm


def main() -> None:
    """Compile every kernel, or load it if the cache has it; a damaged cache is made anew."""
    gc.disable()  # a fifth of the time would go into looking for garbage
    try:
        from tinyml.kernels import sweep  # importing it compiles
    except (EOFError, OSError, ValueError, KeyError, ImportError) as error:
        print(f"The cache of compiled kernels was damaged and is made anew ({error}).")
        forget()
        from tinyml.kernels import sweep  # noqa: F401
    mark_warm()


if __name__ == "__main__":
    main()
