"""Calibration: priors, the fit to real meetings, its posterior, and cross-validation."""
