"""Flat tables for people who do not speak RDF."""
