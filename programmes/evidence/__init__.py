"""What documents print: every figure with its place, and the contradictions among them."""
