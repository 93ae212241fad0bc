"""The catalogue for data portals: what it offers, and how it is written."""
