"""How numbers, lists and other people's letters are written for a reader."""
