"""The science: each rule once, as a pure function of numbers and arrays.

Every function here is plain Python when `model.py` and `agents.py` call it, and is compiled when `engine.py`
calls it, so nothing scientific is written twice.  Inside a turn only + - * / and comparisons
are used, which give the same bits on every IEEE-754 machine.
"""
