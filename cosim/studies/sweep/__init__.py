"""sweep: curves of outcomes along one setting at a time, or over a grid of settings."""
