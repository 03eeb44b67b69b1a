#!/usr/bin/env bash
# Runs the tests in a real browser: all of them, or the files given. Installs
# what is missing: Chromium and nginx from Debian, and the driver from npm.
# With "soak [seconds] [probability]" it runs soak.mjs instead.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

root=$(cd ../../../.. && pwd)

# install adds a program by Debian's package of it; RUNLEVEL=1 keeps a package
# from starting the server in it.
install() {
	command -v "$1" >/dev/null && return
	echo "installing $2, which the tests in a browser need"
	local sudo=() log
	[ "$(id -u)" = 0 ] || sudo=(sudo)
	if ! log=$({ "${sudo[@]}" apt-get -qq update && "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get -qq install -y --no-install-recommends "$2"; } 2>&1 </dev/null) ||
		! command -v "$1" >/dev/null; then
		echo "$log" >&2
		echo "$1 is missing, and the tests in a browser need it: install it (Debian: the package $2)" >&2
		exit 1
	fi
}

export PATH=$PATH:/usr/sbin
install chromium chromium
install nginx nginx-light

make -C "$root" node
if [ ! -f node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
	npm ci --no-audit --no-fund --loglevel=error
fi
make -C "$root" build

# Everything the tests start stays in one process group, which ends with this
# script.
set -m
if [ "${1:-}" = soak ]; then
	shift
	node soak.mjs "$@" &
elif [ $# -gt 0 ]; then
	node --test --test-reporter=spec --test-timeout=300000 "$@" &
else
	node --test --test-reporter=spec --test-timeout=300000 --test-concurrency=2 ./*.test.mjs &
fi
group=$!
trap 'kill -KILL -- "-$group" 2>/dev/null || true' EXIT
trap 'exit 130' INT TERM HUP
wait "$group"
