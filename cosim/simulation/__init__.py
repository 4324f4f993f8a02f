"""Scenario times replicates to tables, on either engine."""

from cosim.simulation.simulation import Agents, Result, simulate
from cosim.simulation.tables import people_table

__all__ = ["Agents", "Result", "people_table", "simulate"]
