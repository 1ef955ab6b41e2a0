"""Pages of the statistics: uploads, reports, review."""
