"""One figure a file: what is measured of a server that runs."""
