"""Scenario times replicates to tables, on either engine."""

from cosim.simulation.simulation import Agents, Result, people_table, simulate

__all__ = ["Agents", "Result", "people_table", "simulate"]
