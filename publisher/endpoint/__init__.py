"""Visitors' SPARQL: killable workers, their limits, the pool that feeds them; knows no HTTP."""
