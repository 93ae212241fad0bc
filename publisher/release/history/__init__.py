"""The releases there were: their order, and which keep their files."""
