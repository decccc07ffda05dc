#!/bin/sh
# family.sh FILE [deaf]: has a child in its group, and one in a session of its own; each tells FILE what ends it.
[ "$2" = deaf ] && trap '' TERM
one() { sh -c "[ '$3' = deaf ] || trap 'echo $1 got TERM >>$2; exit 0' TERM; echo $1 is there >>$2; while :; do sleep 0.1; done" & }
one child "$1" "$2"
[ "$2" = deaf ] || trap 'echo parent got TERM >>"$1"; exit 0' TERM
echo parent is there >>"$1"
while :; do sleep 0.1; done
