"""The command kreisgraph."""
