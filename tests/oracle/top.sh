# What the cases of top share: a stage of processes of all kinds, and rc files. A setup says `source "$ORACLE/top.sh"`.

# rc NAME FLAGS SORT "FIELDS" [KEY=VALUE]...: makes the home directory NAME, whose rc file shows these fields in this order in the first
# window; by a key and a value any setting is another one.
rc() {
    local name=$1 flags=$2 sort=$3 shown=$4 all at field line text; shift 4
    mapfile -t all < <("$WORK/theirs/top" -O)
    declare -A number
    for at in "${!all[@]}"; do number[${all[at]}]=$at; done
    line=
    for field in $shown; do
        [ "${number[$field]+there}" ] || { echo "no field $field" >&2; return 1; }
        line+=" $(((number[$field] + 37) * 2 + 1))"
        number[$field]=shown
    done
    for field in "${all[@]}"; do
        [ "${number[$field]}" = shown ] || line+=" $(((number[$field] + 37) * 2))"
    done
    for ((at = ${#all[@]}; at < 100; at++)); do line+=" $(((at + 37) * 2))"; done
    for at in "${!all[@]}"; do number[${all[at]}]=$at; done
    mkdir -p "$name/.config/procps"
    text=$(
        printf "top's Config File (Linux processes with windows)\n"
        printf 'Id:k, Mode_altscr=0, Mode_irixps=1, Delay_time=0.2, Curwin=0\n'
        printf 'Def\tfieldscur=%s\n' "$line"
        window "$flags" "${number[$sort]}"
        cat "$ORACLE/top.rc"
        printf 'Fixed_widest=0, Summ_mscale=1, Task_mscale=0, Zero_suppress=0, Tics_scaled=0\n'
    )
    for line; do text=$(sed -E "0,/${line%%=*}=/s/${line%%=*}=[-0-9.]+/$line/" <<< "$text"); done
    printf '%s\n\n' "$text" > "$name/.config/procps/toprc"
}
window() {
    printf '\twinflags=%d, sortindx=%d, maxtasks=0, graph_cpus=0, graph_mems=0, double_up=0, combine_cpus=0, core_types=0\n' "$1" "$2"
    printf '\tsummclr=1, msgsclr=1, headclr=3, taskclr=1\n'
}
# filters NAME FILTER...: filters of the first window, each behind an o (any case) or an O.
filters() {
    local name=$1 filter; shift
    {
        printf 'begin: saved other filter data -------------------\nwindow #0, osel_tot=%d\n' $#
        for filter; do printf '\ttype=%d,\tfilter=%s\n' "'${filter:0:1}" "${filter:1}"; done
        printf 'end  : saved other filter data -------------------\n\n'
    } >> "$name/.config/procps/toprc"
}

# The stage: a PID namespace of its own, that ends with the setup's shell; and what is always the same in its summary.
stage() {
    mkdir -p zoo
    setpriv --pdeathsig KILL unshare --pid --fork --kill-child --mount-proc bash "$ORACLE/zoo.sh" > zoo.out 2>&1 < /dev/null &
    trap "kill -KILL $! 2> /dev/null" EXIT
    local tries=0
    until [ -e zoo.ready ]; do
        sleep 0.05
        ((++tries < 600)) && kill -0 $! 2> /dev/null || { cat zoo.out >&2; return 1; }
    done
    STAGE=$(pgrep -P $!) HERE=$PWD
    # A PID namespace is not yet a container.
    export STAGE HERE VAT_CONTAINER=0
    export -f on seen body
}
# Runs a command on the stage; it is process 1000 there, and the shell that starts it the one behind.
on() {
    nsenter -t "$STAGE" -p -m bash -c 'echo 999 > /proc/sys/kernel/ns_last_pid; "$@"; exit $?' on "$@"
}
# All that does not move: neither the clock nor those two.
seen() { sed -E 's/ - [0-9:]{8} up .* user/ - NOW user/; /^ *100[0-9] /d'; }
# The table alone.
body() { sed -E '1,/^ *PID/d; /^ *100[0-9] /d'; }
