"""Whole tables as files: columns written by PostgreSQL itself, CSV by COPY, workbooks in constant memory."""
