"""Studies: their config, design, findings, figures and report, one folder for each kind of study."""
