#!/bin/sh
# Puts Vat's programs into a machine or an image, before the originals, and takes them out again.
#
# The originals are never touched: links in PREFIX/bin stand before them on PATH. Everything that is made is first written down in
# LIB/installed, so that --uninstall undoes exactly that, an interrupted installation too. A POSIX shell and the few commands of
# busybox or coreutils are all that is needed.
set -eu
umask 022
LC_ALL=C
export LC_ALL

usage() {
    cat <<'TEXT'
usage: install.sh [OPTION]... [PROGRAM]...
       install.sh [--root DIR] --uninstall

Installs free, uptime, df, nproc and top, or the PROGRAMs named (vat-init,
vat-initctl and vat are more) in /usr/lib/vat/bin, and links to them in
/usr/local/bin, where they are found before the originals. Man pages and
completions go where the machine has such.

  --as NAME      link NAME, too: supervisord, tini or dumb-init to vat-init,
                 supervisorctl to vat-initctl; may be given several times
  --from DIR     the built programs are in DIR (default: beside this script, or
                 where cargo builds a release)
  --root DIR     the machine's files are below DIR: an image being built
  --prefix DIR   link in DIR/bin instead of /usr/local/bin
  --docs         install man pages and completions in any case
  --uninstall    undo all that was installed
  --help         print this

Exit code: 0 it is done; 1 it could not be done, one line says why; 2 usage.
TEXT
}

die() {
    echo "install.sh: $*" >&2
    exit 1
}

misuse() {
    echo "install.sh: $*; --help tells more" >&2
    exit 2
}

# The paths below are those of the installed machine; $root stands before them wherever a file is touched.
lib=/usr/lib/vat
list=$lib/installed

# Whether the list names this path.
is_listed() { [ -e "$root$list" ] && grep -qxF -e "$1 $2" "$root$list"; }

# Writes a path down before it is made.
note() { is_listed "$1" "$2" || echo "$1 $2" >>"$root$list"; }

# The same for a directory. What is made below --root may be laid over an image that has most directories already, and would
# miss them: there only our own are written down.
note_dir() {
    case $root:$1 in
    :* | *:"$lib" | *:"$lib"/*) note dir "$1" ;;
    esac
}

# Makes a directory and what is missing above it.
make_dir() {
    [ ! -d "$root$1" ] || return 0
    parent=${1%/*}
    [ -z "$parent" ] || make_dir "$parent"
    case $list in
    # Above the list itself there is nowhere yet to write; it is noted as soon as there is.
    "$1"/*) above="$above $1" ;;
    *) note_dir "$1" ;;
    esac
    mkdir "$root$1" 2>/dev/null || die "cannot make $root$1: are you root?"
}

# Copies a file whole: a program that runs keeps its old one.
put() {
    note file "$2"
    if ! { cp "$1" "$root$2.new" && chmod "$3" "$root$2.new" && mv -f "$root$2.new" "$root$2"; } 2>/dev/null; then
        die "cannot write $root$2"
    fi
}

# A page or a completion: nice to have, so that another's in its place is only told.
put_doc() {
    [ -f "$1" ] || return 0
    if { [ -e "$root$2" ] || [ -L "$root$2" ]; } && ! is_listed file "$2"; then
        echo "install.sh: $2 is not ours: left as it is" >&2
        return 0
    fi
    make_dir "${2%/*}"
    put "$1" "$2" 644
}

# The programs, wherever they were built: `target/release` or, for a chosen target, `target/TRIPLE/release`.
find_from() {
    for dir in "$here" "$here/bin" "$here"/../target/*/release "$here/../target/release"; do
        if [ -x "$dir/$1" ]; then
            from=$dir
            return 0
        fi
    done
    die "no program $1 is built: run cargo build --release, or say --from DIR"
}

# Nothing is changed before all of this holds.
check() {
    for name in $programs $names; do
        program=$(program_of "$name")
        [ -x "$from/$program" ] || die "there is no program $program in $from"
        link=$prefix/bin/$name
        if [ "$(readlink "$root$link" 2>/dev/null)" != "$lib/bin/$program" ]; then
            if [ -e "$root$link" ] || [ -L "$root$link" ]; then
                die "$link exists and is not ours: move it away, or name the programs to install"
            fi
        fi
        # Another machine's image tells neither whether its programs run here nor what its PATH is.
        [ -z "$root" ] || continue
        "$from/$program" --help >/dev/null 2>&1 || die "$from/$program does not run on this machine"
        comes_first "$name" || die "$prefix/bin $why on PATH: choose another --prefix, or change PATH"
    done
}

# What stands behind a name.
program_of() {
    case $1 in
    supervisord | tini | dumb-init) echo vat-init ;;
    supervisorctl) echo vat-initctl ;;
    *) echo "$1" ;;
    esac
}

# Whether PREFIX/bin is found before any other directory that has the program.
comes_first() {
    saved=$IFS
    IFS=:
    for dir in $PATH; do
        IFS=$saved
        [ "$dir" != "$prefix/bin" ] || return 0
        why="comes after $dir/$1"
        [ ! -x "$dir/$1" ] || return 1
    done
    IFS=$saved
    why="is not"
    return 1
}

install() {
    [ -n "$from" ] || find_from "${programs%% *}"
    check
    above=
    make_dir "$lib"
    (: >>"$root$list") 2>/dev/null || die "cannot write $root$list: are you root?"
    for dir in $above; do
        note_dir "$dir"
    done
    make_dir "$lib/bin"
    make_dir "$prefix/bin"
    # So that it can be taken out again where there is nothing but the image.
    put "$here/install.sh" "$lib/install.sh" 755
    for program in $programs; do
        put "$from/$program" "$lib/bin/$program" 755
    done
    for name in $programs $names; do
        link=$prefix/bin/$name
        note link "$link"
        [ -L "$root$link" ] || ln -s "$lib/bin/$(program_of "$name")" "$root$link" || die "cannot link $root$link"
    done
    for program in $programs; do
        docs "$program"
    done
}

docs() {
    share=$prefix/share
    man=$here/../man
    [ -d "$man" ] || man=$here/man
    if [ -n "$docs" ] || [ -d "$root/usr/share/man" ] || [ -d "$root$share/man" ]; then
        for page in "$man/$1.1" "$man/$1"-*.1; do
            # Those of vat's verbs, not those of programs whose names begin with its.
            case $1:${page##*/} in vat:vat-init.1 | vat:vat-initctl.1) continue ;; esac
            put_doc "$page" "$share/man/man1/${page##*/}"
        done
    fi
    has() { [ -n "$docs" ] || [ -d "$root/usr/share/$1" ]; }
    completions=$here/completions
    ! has bash-completion || put_doc "$completions/bash/$1" "$share/bash-completion/completions/$1"
    ! has zsh || put_doc "$completions/zsh/_$1" "$share/zsh/site-functions/_$1"
    ! has fish || put_doc "$completions/fish/$1.fish" "$share/fish/vendor_completions.d/$1.fish"
}

uninstall() {
    [ -e "$root$list" ] || die "nothing is installed: there is no $root$list"
    [ -w "$root$list" ] || die "cannot write $root$list: are you root?"
    # Last made, first removed.
    all=$(sed '1!G;h;$!d' "$root$list")
    echo "$all" | while read -r kind path; do
        case $kind in
        # Only what still is ours.
        link) [ "$(readlink "$root$path")" != "$lib/bin/$(program_of "${path##*/}")" ] || rm -f "$root$path" ;;
        file) rm -f "$root$path" "$root$path.new" ;;
        esac || die "cannot remove $root$path"
    done
    rm -f "$root$list"
    echo "$all" | while read -r kind path; do
        # A directory stays where something else has come into it.
        [ "$kind" != dir ] || rmdir "$root$path" 2>/dev/null || :
    done
}

main() {
    here=$(cd "$(dirname "$0")" && pwd)
    root='' prefix=/usr/local from='' docs='' uninstall='' programs='' names=''
    while [ $# -gt 0 ]; do
        case $1 in
        --from | --root | --prefix)
            # An empty one is a variable that was not set, and would mean this very machine.
            [ -n "${2-}" ] || misuse "$1 needs a directory"
            case $1 in
            --from) from=$2 ;;
            --root) root=${2%/} ;;
            --prefix) prefix=${2%/} ;;
            esac
            shift
            ;;
        --as)
            case ${2-} in
            supervisord | supervisorctl | tini | dumb-init) names="$names $2" ;;
            *) misuse "--as needs supervisord, supervisorctl, tini or dumb-init" ;;
            esac
            shift
            ;;
        --docs) docs=yes ;;
        --uninstall) uninstall=yes ;;
        --help)
            usage
            exit 0
            ;;
        free | uptime | df | nproc | top | vat-init | vat-initctl | vat) programs="$programs $1" ;;
        *) misuse "$1 is neither an option nor a program" ;;
        esac
        shift
    done
    programs=${programs# }
    case $prefix in
    /*) ;;
    *) misuse "--prefix needs an absolute path" ;;
    esac
    if [ -n "$uninstall" ]; then
        [ -z "$programs$names" ] || misuse "--uninstall takes out all programs"
        uninstall
        return
    fi
    programs=${programs:-free uptime df nproc top}
    for name in $names; do
        program=$(program_of "$name")
        case " $programs " in
        *" $program "*) ;;
        *) programs="$programs $program" ;;
        esac
    done
    [ -z "$root" ] || mkdir -p "$root" || die "cannot make $root"
    install
}

main "$@"
exit 0
