"""compare: paired differences of every arm from the baseline, over sampled worlds."""
