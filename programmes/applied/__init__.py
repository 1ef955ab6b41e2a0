"""The methods of the documents applied to what is stored, in words for readers."""
