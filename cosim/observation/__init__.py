"""A user's own meeting: described, compared with simulated teams like it, and reported on."""
