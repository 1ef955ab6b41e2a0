"""PostgreSQL, Valkey and the portal's own processes on one machine, from one directory, until Ctrl-C.

`python -m deploy.embedded up` runs the portal; `run -- CMD` runs one command with both servers up.
"""
