# What a program that an init has started finds: who leads its group and session, whether it has the terminal, which signals come.
# witness.pl NAME [ANOTHER]: runs as long as nobody kills it, and has a child of its own where ANOTHER is named.
use strict;
use Config;

my ($name, $another) = @ARGV;
$| = 1;
my ($parent_group, $parent_session) = (stat_of(getppid()))[2, 3];
my ($state, $ppid, $group, $session, $terminal, $foreground) = stat_of($$);
my $leads = sub { $_[0] == $$ ? "own" : $_[0] == $_[1] ? "its parent's" : "another" };
my @signals = split ' ', $Config{sig_name};
for my $number (grep { !/^(9|17|19|32|33)$/ } 1 .. 64) {
    $SIG{$signals[$number]} = sub { syswrite STDOUT, "$name saw $number\n" };
}
my $has = !$terminal ? "no terminal" : $foreground == $group ? "foreground" : "background";
syswrite STDOUT, sprintf "%s: group %s, session %s, %s\n", $name, $leads->($group, $parent_group), $leads->($session, $parent_session), $has;
if (defined $another && !fork) {
    exec $^X, $0, $another;
}
syswrite STDOUT, "$name ready\n";
sleep 1 while 1;

# The fields of /proc/PID/stat behind the name.
sub stat_of {
    open my $file, '<', "/proc/$_[0]/stat" or return (0) x 6;
    (split ' ', <$file> =~ s/.*\) //sr)[0 .. 5];
}
