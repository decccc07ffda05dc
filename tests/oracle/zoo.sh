# Processes of all kinds, started by PID 1 of a PID namespace in the directory `here` of a run (top.sh tells how). What does nothing
# moves nothing. Kinds that this machine has not are told, and left out.
set -u
missing() { echo "no $*"; }
sleeper=$(command -v sleep)
# A copy of sleep, with this name.
copy() { cp "$sleeper" "zoo/$1"; }

# What the summary tells lies still.
mkdir -p proc
printf '%-15s %8d kB\n' MemTotal: 16384000 MemFree: 4096000 MemAvailable: 12288000 Buffers: 204800 Cached: 6144000 SwapCached: 10240 \
    Active: 5120000 Inactive: 4096000 SwapTotal: 2048000 SwapFree: 1536000 Shmem: 102400 Slab: 512000 SReclaimable: 307200 \
    SUnreclaim: 204800 > proc/meminfo
echo '0.25 0.50 1.75 1/100 200' > proc/loadavg
{
    echo 'cpu  4000 4100 4200 44000 400 40 44 0 0 0'
    for cpu in 0 1 2 3; do echo "cpu$cpu 1000 1025 1050 11000 100 10 11 0 0 0"; done
    printf '%s\n' 'intr 0' 'ctxt 1' 'btime 1700000000' 'processes 500' 'procs_running 1' 'procs_blocked 0'
} > proc/stat
for file in proc/*; do mount --bind "$file" "/$file"; done

# Names. Not: C1 controls, and characters cut off in an argument, which the original lets through to the terminal, and ours does not.
names=(plain 'with blank' ' blanks ' 'par)en' '(paren' 'a) R 1 2' 'fifteen-letters' 'sixteen--letters' 'longer-than-comm-can-be-and-more'
    $'tab\there' $'line\nend' $'esc\e[31mred' $'bell\a' $'del\x7f' $'umlaut-\xc3\xa4\xc3\xb6' $'wide-\xe6\x97\xa5\xe6\x9c\xac' $'cut-\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe6\x97\xa5'
    $'bad-\xff\xfe' $'combining-e\xcc\x81' $'zero\xe2\x80\x8bwidth' $'smile\xf0\x9f\x98\x80' 'back\slash' '100%d%s' '[brackets]' '-dash' '+plus' "quote'\"" 'kworker-0:1')
for name in "${names[@]}"; do
    copy "$name"
    "zoo/$name" 10001 &
done
# Command lines.
arguments=('' ' ' 'x y' "$(printf 'long%.0s' {1..300})" $'new\nline' $'tab\tand\e[1mbold' $'\xc3\xa4\xe6\x97\xa5\xff' $'\x01\x02' $'\x80\x9f' '%s%n')
for first in "${arguments[@]}"; do
    (exec -a "$first" sleep 10002) &
    (exec -a "$first" perl -e 'sleep 10002' '' "$first" '' "$first" x '') &
done
(exec -a kernel perl -e '$0 = ""; sleep 10003') &
(exec -a renamed perl -e '$0 = "a title  of its own"; sleep 10003') &
# Environments.
env -i sleep 10004 &
env -i 'A=' '=B' C=$'new\nline' D=$'\e[7m\xff\xc3\xa4' sleep 10004 &
env -i "LONG=$(printf 'environ%.0s' {1..200})" sleep 10004 &
# Users and groups.
for ids in '--reuid 65534 --regid 65534 --clear-groups' '--reuid 65534 --regid 65534 --groups 1,2,3,4,5' '--reuid 1 --regid 1 --init-groups' \
    '--reuid 12345 --regid 54321 --clear-groups' '--reuid 4294967294 --regid 4294967294 --clear-groups' '--ruid 1 --euid 2 --clear-groups' \
    '--ruid 1 --euid 0 --keep-groups' '--rgid 3 --egid 4 --clear-groups' '--ruid 65534 --clear-groups' \
    '--reuid 33 --regid 33 --groups 10,20,30,40,50,60,70,80,90,100,12345,54321,4294967294' '--euid 65534 --keep-groups' '--reuid 5 --regid 60 --clear-groups'; do
    # shellcheck disable=SC2086
    setpriv $ids sleep 10005 &
    setpriv $ids perl -e 'sleep 10005' &
done
# Priorities.
for nice in -20 -11 -1 1 7 19; do nice -n "$nice" sleep 10006 & done
for class in '-b 0' '-i 0' '-f 1' '-f 50' '-f 99' '-r 1' '-r 99' '-d --sched-runtime 1000000 --sched-deadline 10000000 --sched-period 10000000 0'; do
    # shellcheck disable=SC2086
    if chrt $class true 2> /dev/null; then chrt $class sleep 10007 & else missing "chrt $class"; fi
done
for class in '-c 1 -n 0' '-c 2 -n 7' '-c 3'; do
    # shellcheck disable=SC2086
    if ionice $class true 2> /dev/null; then ionice $class sleep 10008 & else missing "ionice $class"; fi
done
# The kernel's opinion.
for adjustment in -1000 -500 1 500 1000; do
    (echo "$adjustment" 2> /dev/null > /proc/self/oom_score_adj || missing "oom_score_adj $adjustment"; exec sleep 10009) &
done
(echo 12345 2> /dev/null > /proc/self/loginuid || missing loginuid; exec sleep 10009) &
# Namespaces, sessions, terminals.
for space in -i -m -n -u -C '-u -i' -U '-p -f' '-T -f'; do
    # shellcheck disable=SC2086
    if unshare $space true 2> /dev/null; then unshare $space sleep 10010 & else missing "unshare $space"; fi
done
for _ in 1 2 3; do setsid sleep 10011 & done
setsid setsid -w sleep 10011 &
(echo 7 2> /dev/null > /proc/self/autogroup || missing autogroup; exec setsid sleep 10011) &
for _ in 1 2; do setsid script -qec 'sleep 10012' /dev/null > /dev/null 2>&1 < /dev/null & done
setsid script -qec 'sleep 10012 & exec sleep 10013' /dev/null > /dev/null 2>&1 < /dev/null &
# Children, and theirs.
(sleep 10014 & (sleep 10014 & (sleep 10014 & exec sleep 10015) & exec sleep 10015) & exec sleep 10015) &
for _ in 1 2 3 4; do (sleep 10016 & sleep 10016 & exec sleep 10016) & done
(sleep 10017 &)
# Zombies: nobody waits for them.
for _ in 1 2 3; do (true & sh -c 'exit 3' & exec sleep 10018) & done
copy 'zombie) x'
('zoo/zombie) x' 0.1 & setpriv --reuid 65534 --clear-groups true & exec sleep 10018) &
# Executables that are no more, or elsewhere.
for name in deleted 'deleted too' $'del\eted' renamed; do copy "$name"; "zoo/$name" 10019 & done
mkdir -p zoo/sub
cp "$sleeper" zoo/sub/inside
zoo/sub/inside 10019 &
# Memory: private, shared, locked; CPU time, its own and its children's; files read and written.
perl -e '$x = "x" x 30_000_000; sleep 10020' &
perl -e '$a = syscall(9, 0, 8 << 20, 3, 0x21, -1, 0); open F, "/dev/zero"; syscall(0, fileno F, $a, 5 << 20); sleep 10021' &
perl -e 'syscall(151, 1) == 0 or print "no mlockall\n"; sleep 10022' &
perl -e '1 while (times)[0] < 0.04; sleep 10023' &
perl -e 'unless (fork) { 1 while (times)[0] < 0.04; exit } wait; sleep 10024' &
perl -e 'open F, ">zoo/written"; print F "x" x 3_000_000; close F; open F, "zoo/written"; 1 while <F>; sleep 10025' &
# Uninterruptible: it waits for the child of its vfork(2).
if [ "$(uname -m)" = x86_64 ]; then perl -e 'syscall(58); sleep 10026' & fi
# Threads: the test program has some for whoever asks.
for _ in 1 2 3; do VAT_SCREEN_THREADS=1 RUST_TEST_THREADS=2 "$THREADS" --exact screen::threads --nocapture > /dev/null 2>&1 & done
# Others wait for a pipe, a socket or a lock, which WCHAN tells.
mkfifo zoo/pipe
(exec 3<> zoo/pipe; exec cat <&3 > /dev/null) &
perl -e 'select undef, undef, undef, 10027' &
perl -e 'use Socket; socketpair A, B, 1, 1, 0; sysread A, $x, 1' &
flock zoo/lock sleep 10028 &
flock zoo/lock sleep 10028 &

# Some are stopped when they are what they shall be.
for _ in 1 2 3 4; do sleep 10029 & stopped+=($!); done
copy stopped; setpriv --reuid 65534 --clear-groups zoo/stopped 10029 & stopped+=($!)
settled() {
    ps -eo pid=,stat=,comm= > zoo.seen
    # PID 1 is a bash, and ps runs.
    ! awk '$1 != 1 && ($3 != "ps" && $2 ~ /^R/ || $3 ~ /^(bash|setpriv|nice|chrt|ionice|env)$/ && $2 !~ /Z/) { found = 1 } END { exit !found }' zoo.seen
}
tries=0
sleep 0.5
until settled || ((++tries > 40)); do sleep 0.1; done
((tries <= 40)) || missing "rest: $(cat zoo.seen)"
kill -STOP "${stopped[@]}"
rm zoo/deleted* $'zoo/del\eted' zoo/sub/inside && mv zoo/renamed zoo/name-of-its-own
sleep 0.2
settled
ls -d /proc/[0-9]* | wc -l
touch zoo.ready
exec sleep 100000
