"""Azure Policy's language: source positions, syntax, expressions, operators, compilation, explanation. Pure."""
