# Sourced by bin/backup and bin/restore: runs `manage.py $command` with the servers of the portal up.
# `name` is the command that speaks; a file's name in the arguments is relative to where it was called.

repository=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
var=${BAGDAR_VAR:-$repository/var}
case $var in /*) ;; *) var=$PWD/$var ;; esac

. "$repository/deploy/install.sh"
install_packages requirements.txt

export BAGDAR_VAR=$var PYTHONUTF8=1 PYTHONPATH=$repository
exec "$venv/bin/python" -m deploy.embedded run -- "$venv/bin/python" "$repository/manage.py" "$command" "$@"
