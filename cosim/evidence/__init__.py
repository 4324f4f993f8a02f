"""Evidence: published patterns, real meeting logs, calibration and validation."""
