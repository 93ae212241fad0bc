"""What makes data fit to publish: SHACL, quotations, vocabulary; findings and their report."""
