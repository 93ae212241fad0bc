"""RDF in and out: source files, named graphs, the store, the .rq queries, the formats."""
