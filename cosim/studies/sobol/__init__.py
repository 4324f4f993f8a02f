"""sobol: how much of an outcome's variance is each factor's, alone and with others."""
