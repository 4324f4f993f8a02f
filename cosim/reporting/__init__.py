"""Reports, figures, tables and texts made of finished studies."""

from __future__ import annotations

from cosim.reporting.report import figures, write_report

__all__ = ["figures", "write_report"]
