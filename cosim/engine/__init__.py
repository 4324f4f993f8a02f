"""The compiled twin of the model, walled off: everything here exists for speed and changes no number."""
