"""failures: in which worlds an arm does not do what it should (scenario discovery)."""
