"""cosim: power in co-produced health-research teams, simulated."""
