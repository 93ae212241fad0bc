"""Visitors' SPARQL: checked as text, run in processes that may die, answered whole or not at all. Knows no HTTP."""
