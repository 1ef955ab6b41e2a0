"""Files made of a paper's document; they know nothing of where it came from."""
