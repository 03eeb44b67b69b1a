#!/usr/bin/env bash
# Adds a program by Debian's package of it, where it is missing:
# install.sh PROGRAM PACKAGE "what needs it". A module of Python is
# "python3:MODULE"; Debian's interpreter is asked if another stands before it.
set -euo pipefail
export PATH=$PATH:/usr/sbin

have() {
	case $1 in
	*:*) "${1%%:*}" -c "import ${1#*:}" 2>/dev/null || "/usr/bin/${1%%:*}" -c "import ${1#*:}" 2>/dev/null ;;
	*) command -v "$1" >/dev/null ;;
	esac
}
have "$1" && exit
echo "installing $2 for $3"
sudo=()
[ "$(id -u)" = 0 ] || sudo=(sudo)
# RUNLEVEL=1 keeps a package from starting the server in it.
if ! log=$({ "${sudo[@]}" apt-get -qq update && "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get -qq install -y --no-install-recommends "$2"; } 2>&1 </dev/null) ||
	! have "$1"; then
	echo "$log" >&2
	echo "$1 is missing, for $3: install it (Debian: the package $2)" >&2
	exit 1
fi
