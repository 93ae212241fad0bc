"""A SHACL engine for the constraints that our shapes use: each shape is read once, each county walked once."""
