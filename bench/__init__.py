"""Measurements: each program here is run by `./vision bench NAME`."""
