"""Statistical analysis of run tables: tables in, tables out, no plots, no knowledge of scenarios or engines.

Two tables come in. ``runs`` has a row per run with the columns ``run``, ``point``, ``world``, ``arm``,
``replicate``, a column per outcome and ``error`` (null when the run went well). ``design`` has a row per
design point with ``point``, ``world``, ``arm`` and a column per factor. They are joined by ``point``, never
by the order of rows. Missing or non-finite values stop an analysis and are named by their run ids.
"""
