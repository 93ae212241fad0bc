"""What the pages show, as frozen values read from the store by .rq queries; knows no HTTP and no HTML."""
