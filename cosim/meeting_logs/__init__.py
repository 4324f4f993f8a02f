"""Logs of real meetings: read from files, checked, described, and those that come with cosim."""
