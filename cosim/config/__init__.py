"""What is read from a file: YAML with its lines, complaints in the user's words, the parameter record."""
