# The stage of one run: PID 1 of its own PID and mount namespace, started in the directory of the run.
# There: home/ and bin/ (the program under test, and copies of sleep under telling names), proc/ (what lies over files of /proc),
# before.sh and run.sh (the case's). All of it is seen at /mnt, so that both sides see the same paths; PIDs are the same too.
mount --bind . /mnt && cd /mnt || exit 1
unset OLDPWD
for file in proc/*; do mount --bind "$file" "/${file}"; done

# The next process gets this PID. No fork may lie between the two.
at() { echo $(($1 - 1)) > /proc/sys/kernel/ns_last_pid; }
# Waits until a process has become what it is to be, and sleeps.
is() {
    local name state
    until IFS= read -r name 2> /dev/null < "/proc/$1/comm" && [ "$name" = "$2" ] &&
        read -r state 2> /dev/null < "/proc/$1/stat" && [[ $state = *') S '* ]]; do :; done
}

at 100; alpha 10001 & is 100 alpha
at 102; bravo 10002 10002 & is 102 bravo
at 103; charlie 10003 & is 103 charlie; kill -STOP 103
at 104; ( at 105; delta 10004 & is 105 delta; at 106; delta 10005 & is 106 delta; exec echo1 10006 ) & is 104 echo1
at 107; ( exec setpriv --reuid 65534 --regid 65534 --clear-groups nice -n 5 longcommandname-x 10007 ) & is 107 longcommandname
# Its child ends when there is nobody left who would wait for it.
at 110; ( at 111; is 110 zparent & exec zparent 10008 ) & is 110 zparent
until read -r state 2> /dev/null < /proc/111/stat && [[ $state = *') Z '* ]]; do :; done
at 120; VAT_SCREEN_THREADS=1 RUST_TEST_THREADS=2 threads --exact screen::threads --nocapture > /dev/null 2>&1 & is 120 threads
until [ -e /proc/120/task/123/comm ] && is 120/task/123 worker-2; do :; done

source ./before.sh
at 200
source ./run.sh
echo "EXIT=$?"
# Keys that come too late change nothing.
stty -echo
sleep infinity
