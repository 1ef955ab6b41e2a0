"""Papers as DOCX, made of a template that an operator can replace (docs/papers.md)."""
