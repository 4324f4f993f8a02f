"""screen: Morris elementary effects, to find in few runs what matters among many factors."""
