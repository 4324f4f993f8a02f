"""information: what it would be worth to know more before choosing a way of working."""
