"""German language: words and their stems, likeness of texts, marks and differences. Knows no RDF."""
