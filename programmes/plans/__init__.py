"""Action plans and their money, provisions, and what a programme said on a day."""
