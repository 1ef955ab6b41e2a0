"""Three hosts on one machine, and what the portal does when they fail; run by
`sudo .venv/bin/python -m deploy.demonstration`."""
