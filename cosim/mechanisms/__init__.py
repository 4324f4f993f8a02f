"""The science: each rule once, as a pure function of numbers and arrays.

Every function here is plain Python when `cosim.model` calls it, and is compiled when `cosim.engine`
calls it, so nothing scientific is written twice.  Inside a turn only + - * / and comparisons
are used, which give the same bits on every IEEE-754 machine.
"""
