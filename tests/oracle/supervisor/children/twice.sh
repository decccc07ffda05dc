#!/bin/sh
# twice.sh FILE SECONDS END: the first time ends after SECONDS, by a code or a signal; from then on stays.
echo run >>"$1"
[ "$(wc -l <"$1")" -gt 1 ] && exec sleep 1000
sleep "$2"
case $3 in
[A-Z]*) kill "-$3" $$ ;;
*) exit "$3" ;;
esac
