"""What a release says of itself, and how it is cited."""
