# shellcheck shell=bash
# Sourced by the scripts of tests/setup and tests/vm: the cache folder and the
# few helpers they share.

# Everything downloaded or built lies here, outside the repository; all of it
# can be deleted and built again.
cache=${VAT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vat}
# The image and the VM must be of the release whose tools the tests compare with.
suite=bookworm
mkdir -p "$cache"

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() {
    say "$*"
    exit 1
}

# lock NAME: holds the lock NAME until this shell ends, so that parallel
# callers wait instead of building twice. Daemons must be started with 9>&-.
lock() {
    exec 9>"$cache/$1.lock"
    flock 9
}

# hash_of WORD...: one stamp for the given words and files (names starting
# with /), which tells whether a build still fits its inputs.
hash_of() {
    local word
    for word in "$@"; do
        case $word in
        /*) sha256sum <"$word" ;;
        *) printf '%s\n' "$word" ;;
        esac
    done | sha256sum | cut -c1-16
}

# stamped NAME HASH: whether the last build of NAME was made from HASH.
stamped() { [ "$(cat "$cache/$1.stamp" 2>/dev/null)" = "$2" ]; }
stamp() { printf '%s\n' "$2" >"$cache/$1.stamp"; }

# quietly LOG COMMAND...: keeps a command's output in LOG, shown only if it fails.
quietly() {
    local log=$1
    shift
    if ! "$@" >"$log" 2>&1 </dev/null; then
        tail -n 30 "$log" >&2
        die "failed: $* (see $log)"
    fi
}

# in_root DIR COMMAND...: runs a command inside a root filesystem.
in_root() {
    local dir=$1
    shift
    env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        HOME=/root LC_ALL=C DEBIAN_FRONTEND=noninteractive chroot "$dir" "$@"
}
