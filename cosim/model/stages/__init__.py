"""The stages of a project, from its start to its end, except the turn itself.

Each stage is a rule on the plan and the state; both engines call the same ones.  The turn is told twice, as
agents in `cosim.model` and as a loop in `cosim.engine`, from the same mechanisms.

What is not marked as a rule here is a part that `cosim.engine` compiles on its own and calls by address.
"""
