"""The documentation's site: ``python -m sphinx -W docs build/site`` makes it; nothing is fetched."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from cosim.version import __version__

project = "cosim"
author = "cosim contributors"
copyright = "cosim contributors, MIT licence"
release = version = __version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "catalogue_pages",  # a page per scenario, intervention and outcome, from the records
    "recorded_lessons",  # with -t recorded: the lessons as one page that plays
]
exclude_patterns = ["findings/**/report*", "site_pages"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
myst_enable_extensions = ["dollarmath", "colon_fence", "deflist"]
myst_heading_anchors = 4

napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the docstrings say types, shapes and units
autodoc_default_options = {"members": True, "undoc-members": False}

html_theme = "furo"
html_title = f"cosim {__version__}"
html_static_path: list[str] = []
html_show_sphinx = False
html_copy_source = False

# Shapes such as (worlds, replicates) are words here, though several records have an attribute of that name.
suppress_warnings = ["ref.python"]
