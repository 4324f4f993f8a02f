"""factorial: two-level designs for effects and interactions."""
