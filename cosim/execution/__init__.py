"""From a study config to stored run tables: design, runner, store, provenance."""
