"""``python -m cosim`` is ``cosim``."""

from cosim.cli import main

main(prog_name="cosim")
