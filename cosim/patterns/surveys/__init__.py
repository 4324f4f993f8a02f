"""Surveys: groups that were asked before and after they talked, each with a simulated set-up in YAML."""

from cosim.patterns.surveys.survey import SURVEYS, Survey, survey

__all__ = ["SURVEYS", "Survey", "survey"]
