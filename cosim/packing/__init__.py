"""A finished study as one file that verifies itself: packed, read, checked, and run again."""
