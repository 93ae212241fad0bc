"""The nouns everything else stands on: terms, IRIs, settings, errors, folded text. Touches no file."""
