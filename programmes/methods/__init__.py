"""Methods that documents prescribe, as pure functions: evidence in, results out, no Django."""
