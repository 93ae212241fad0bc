"""A release: built whole, checked, switched to atomically."""
