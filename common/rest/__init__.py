"""What every endpoint of the API shares: rendering, pages, filters, problems, schema."""
