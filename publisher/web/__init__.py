"""The edge towards browsers and machines: HTTP, negotiation, caching, pages."""
