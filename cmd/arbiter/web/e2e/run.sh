#!/usr/bin/env bash
# Runs the tests in a real browser: all of them, or the files given. Installs
# what is missing: Chromium, Firefox, WebKit and nginx from Debian, and the
# drivers from npm.
# With "soak [seconds] [probability]" it runs soak.mjs instead, with
# "screenshot FILE" screenshot.mjs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

root=$(cd ../../../.. && pwd)

export PATH=$PATH:/usr/sbin
./install.sh chromium chromium "the tests in a browser"
./install.sh firefox-esr firefox-esr "the tests in a browser"
./install.sh WebKitWebDriver webkit2gtk-driver "the tests in a browser"
./install.sh Xvfb xvfb "the tests in a browser"
./install.sh nginx nginx-light "the tests in a browser"

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
elif [ "${1:-}" = screenshot ]; then
	node screenshot.mjs "$2" &
elif [ $# -gt 0 ]; then
	node --test --test-reporter=spec --test-timeout=600000 "$@" &
else
	node --test --test-reporter=spec --test-timeout=600000 --test-concurrency=2 ./*.test.mjs &
fi
group=$!
trap 'kill -KILL -- "-$group" 2>/dev/null || true' EXIT
trap 'exit 130' INT TERM HUP
wait "$group"
