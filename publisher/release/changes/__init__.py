"""What changed from one release to the next: found, told, kept with the release."""
