"""What is done to papers: ordered, made, and given templates."""
