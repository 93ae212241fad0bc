"""What people and programs follow to hear of changes."""
