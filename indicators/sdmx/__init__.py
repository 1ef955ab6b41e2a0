"""Published figures and their structure as SDMX 3.0 knows them."""
