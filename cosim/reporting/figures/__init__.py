"""Figures as functions of worked-out results: drawn for a page and for a phone, saved in three formats."""
