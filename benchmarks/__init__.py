"""What is measured, beside a baseline in the same run: machines differ, ratios less so."""
