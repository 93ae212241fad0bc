"""A rehearsal: plays a data portal that harvests a running site."""
