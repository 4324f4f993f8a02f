"""The teaching demo: see who spoke, and who changed the decision.

Drawings (`drawing`), captions and watched teams know nothing of the browser; `pages` and `server` do.
"""
