"""What changes tables, one action a module."""
