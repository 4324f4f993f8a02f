"""What is believed of the free parameters since they were fitted: the posterior that comes with cosim."""

from cosim.calibration.fitted.fitted import About, Fitted, about_fit, fitted, write_fitted

__all__ = ["About", "Fitted", "about_fit", "fitted", "write_fitted"]
