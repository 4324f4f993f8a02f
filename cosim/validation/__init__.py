"""Validation: each published pattern held against the model, with its figures and its report."""
