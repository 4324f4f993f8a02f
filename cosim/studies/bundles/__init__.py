"""bundles: sets of interventions, for the best ones under budgets."""
