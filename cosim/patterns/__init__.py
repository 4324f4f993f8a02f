"""Patterns: what real teams were found to do, one YAML file each, with source, status, set-up and target."""

from cosim.patterns.pattern import Expectation, Pattern, Setup, Target
from cosim.patterns.registry import load_patterns, pattern, patterns

__all__ = ["Expectation", "Pattern", "Setup", "Target", "load_patterns", "pattern", "patterns"]
