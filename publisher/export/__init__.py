"""The whole site as plain files for a web server with no program behind it: ``kreisgraph export``."""
