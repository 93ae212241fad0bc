"""Made-up counties in any number, and what the site needs to show them."""
