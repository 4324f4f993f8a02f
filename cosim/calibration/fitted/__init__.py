"""What is believed of the free parameters since they were fitted: the posterior that comes with cosim."""

from cosim.calibration.fitted.fitted import (
    About,
    Fitted,
    about_joint,
    about_logs,
    fitted,
    logs_alone,
    write_fitted,
    write_logs_alone,
)

__all__ = [
    "About",
    "Fitted",
    "about_joint",
    "about_logs",
    "fitted",
    "logs_alone",
    "write_fitted",
    "write_logs_alone",
]
