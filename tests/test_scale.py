"""The site with more counties than a page can list: made-up ones, served like the real ones."""
