"""structure: what survives when a mechanism is switched off or takes its rival form."""
