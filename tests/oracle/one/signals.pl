# signals.pl HOW KEYS|SIGNALS COMMAND...: starts an init with a witness and the witness's child, sends signals to the init one after
# another (or types keys), and prints what was seen, sorted, and how the init ended.
# It leaves processes behind: to be run in a pid namespace of its own.
# HOW: plain, pid1 (of a pid namespace), tty (as leader of a terminal's session), pid1-tty.
use strict;
use Time::HiRes;

my ($how, $signals, @command) = @ARGV;
my $directory = $0 =~ s{/[^/]*$}{}r;
@command = (@command, $^X, "$directory/witness.pl", "child", "grandchild");
@command = (qw(unshare --pid --fork --mount-proc), @command) if $how =~ /pid1/;
my $script = $how =~ /tty/;
@command = ("script", "-qefc", "exec " . join(' ', @command), "/dev/null") if $script;

pipe my $read, my $write;
pipe my $keys_read, my $keys;
my $started = fork // die;
if (!$started) {
    open STDIN, '<&', $keys_read if $script;
    open STDOUT, '>&', $write;
    close $_ for $write, $read, $keys;
    exec @command;
}
close $write;
my $seen = '';
gather(10, sub { $seen =~ /^child ready/m && $seen =~ /^grandchild ready/m });

# The init is the witness's parent.
my ($child) = grep { below($_, $started) } grep { cmdline($_) =~ /^[^\0]*perl[^\0]*\0[^\0]*witness\.pl\0child\0/ } map { m{/proc/(\d+)/} } glob '/proc/[0-9]*/cmdline';
my $init = parent($child);
if ($signals =~ s/^keys://) {
    for my $key (split //, $signals) {
        syswrite $keys, chr(ord($key) & 31);
        gather(0.3);
    }
} else {
    for my $signal (split /,/, $signals) {
        kill $signal, $init;
        gather(0.06);
        # Whoever stopped goes on.
        if ($signal =~ /^(19|20|21|22)$/) {
            kill 18, $init;
            gather(0.06);
        }
    }
}
my $is_alive = kill(0, $init) && state($init) ne 'Z';
my $alive = $seen;
kill 9, $child;
gather(0.3);
# With PID 1 all end: whether one still sees a signal before, is chance.
$seen = $alive if $how =~ /pid1/;
waitpid $started, 0;
my ($code, $signal) = ($? >> 8, $? & 127);
# The terminal's echo of the keys stands before anything.
$seen =~ s/\^[CZ\\]//g;
print sort grep { !/^\s*$/ } map { s/\r//r . "\n" } split /\n/, $seen;
printf "%s, exit code %d, signal %d\n", $is_alive ? 'alive until its child ended' : 'ended', $code, $signal;

# Reads for so many seconds, or until a condition holds.
sub gather {
    my ($seconds, $until) = @_;
    my $end = now() + $seconds;
    while ((my $left = $end - now()) > 0) {
        return if $until && $until->();
        my $bits = '';
        vec($bits, fileno $read, 1) = 1;
        next unless select $bits, undef, undef, $left < 0.1 ? $left : 0.1;
        sysread($read, $seen, 4096, length $seen) or return;
    }
}
sub now { Time::HiRes::time() }
sub cmdline { open my $file, '<', "/proc/$_[0]/cmdline" or return ''; local $/; <$file> // '' }
sub fields { open my $file, '<', "/proc/$_[0]/stat" or return ('', 0); split ' ', <$file> =~ s/.*\) //sr }
sub state { (fields($_[0]))[0] }
sub parent { (fields($_[0]))[1] }
sub below { my ($pid, $of) = @_; while ($pid > 1) { return 1 if $pid == $of; $pid = parent($pid) } 0 }
