# Runs cases on the original, on ours, and on the original again; bash reads this in a mount namespace of its own.
# In the environment: WORK, the directory of this run with theirs/ and ours/ (the programs), setup.sh, cases/N (a command each), and
# piped/N where it is run in C.UTF-8 only, and into a pipe;
# ORACLE, where this file lies; THREADS, a program that has threads (screen::threads).
# Leaves results/N.LOCALE.SINK.RUN.{out,err,code}.
set -u
export VAT_PROCPS_COMPAT=4.0.2 HOME="$WORK" TZ=UTC
unset LANG LANGUAGE LC_CTYPE LC_MESSAGES POSIXLY_CORRECT BLOCKSIZE BLOCK_SIZE DF_BLOCK_SIZE VAT_DEBUG
plain_path=$PATH

# A setup calls this when the machine cannot do what it needs.
skip() { echo "$*" > "$WORK/skipped"; exit 0; }

command -v script > /dev/null || skip "there is no script(1), which makes terminals"
mkdir -p "$WORK/here" "$WORK/results"
cd "$WORK/here" || exit 1
set -e
source "$WORK/setup.sh"
set +e

# The program's output goes through a real pipe, or to a real terminal; its errors always to a file.
to_pipe() {
    { bash -c "$1" 2> "$2.err" < /dev/null; echo $? > "$2.code"; } | cat > "$2.out"
}
# To a terminal all runs of a case go one after another, for opening one takes long: a line with ^^ and a name begins each.
to_tty() {
    printf '\036%s\n' "$2"
    bash -c "$1" 2> "$2.err" < /dev/null
    echo $? > "$2.code"
}
# Where ours did as the original it is not asked again.
alike() { cmp -s "$1.theirs1.out" "$1.ours.out" && cmp -s "$1.theirs1.err" "$1.ours.err" && cmp -s "$1.theirs1.code" "$1.ours.code"; }
runs() {
    local sink=$1 command=$2 stem=$3 run ending
    for LC_ALL in $4; do
        export LC_ALL
        for run in theirs1 ours theirs2; do
            if [ "$sink $run" = "pipe theirs2" ] && alike "$stem.$LC_ALL.pipe"; then
                for ending in out err code; do cp "$stem.$LC_ALL.pipe.theirs1.$ending" "$stem.$LC_ALL.pipe.theirs2.$ending"; done
                continue
            fi
            PATH="$WORK/${run%[12]}:$plain_path" "to_$sink" "$command" "$stem.$LC_ALL.$sink.$run"
        done
    done
}
export -f to_tty runs
export plain_path

for case in "$WORK"/cases/*; do
    [ -e "$case" ] || continue
    command=$(cat "$case") stem=$WORK/results/${case##*/}
    export command stem
    if [ -e "$WORK/piped/${case##*/}" ]; then
        (runs pipe "$command" "$stem" C.UTF-8)
        continue
    fi
    (runs pipe "$command" "$stem" "C C.UTF-8")
    # script(1) starts $SHELL, or sh where that is unset, and a sh may drop the functions from the environment.
    SHELL=$BASH script -qec 'bash -c "runs tty \"\$command\" \"\$stem\" \"C C.UTF-8\""' /dev/null > "$stem.tty" < /dev/null
done
