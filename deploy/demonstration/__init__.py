"""Three hosts on one machine, and what the portal does when they fail; run by `sudo deploy/demonstrate`."""
