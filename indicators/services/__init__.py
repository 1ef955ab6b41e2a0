"""What can be done to figures, one verb each."""
