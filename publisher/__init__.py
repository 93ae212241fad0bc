"""Kreisgraph: models, validates and publishes the integration concepts of German counties as linked data."""

__version__ = "0.1.0"
