"""Class mode: a room, the phones in it, what they predict, and a challenge with a board."""
