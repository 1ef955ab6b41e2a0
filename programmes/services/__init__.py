"""What can be done to programmes, one verb each."""
