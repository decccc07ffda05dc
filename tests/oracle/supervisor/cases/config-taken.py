"""What the grammar makes of a file: comments, continuations, expansions, as getAllConfigInfo tells it."""
config("""
[supervisord]
environment=ONE="1",TWO=%(ENV_GIVEN)s
[program:comments]
command=/bin/sh -c "echo ; exit" ; a comment
STARTSECS = 5 # another
; whole line
# whole line
stopwaitsecs: 12
autostart=no
[program:hash]
command=/bin/echo a#b ;c
autostart=false
[program:continued]
command=/bin/echo
   one
   two
exitcodes=1, 2 ,
  3
autostart=FALSE
[program:expanded]
command=/bin/echo %(ENV_ONE)s %(ENV_TWO)s %(program_name)s %(group_name)s %(process_num)03d %(numprocs)5s| %% %(here)s
process_name=%(program_name)s-%(group_name)s-%(process_num)02d
numprocs=2
numprocs_start=9
stdout_logfile=%(here)s/%(program_name)s-%%%%-%(process_num)d.log
directory=/tmp/%(process_num)d
environment=OWN="x%(process_num)d",MORE="%(ENV_ONE)s"
autostart=0
priority=007
[program:own]
command=/bin/echo %(ENV_OWN)s
environment=OWN="of the program"
autostart=off
[program:sizes]
command=/bin/cat
stdout_logfile_maxbytes=3KB
stderr_logfile_maxbytes=1gb
stdout_logfile_backups=0
stdout_capture_maxbytes=1mb
stderr_logfile=off
umask=0027
user=0
stopsignal=sigusr1
autostart=false
[program:sizes]
stopwaitsecs=77
[program:syslogged]
command=/bin/cat
stdout_logfile=syslog
stderr_logfile=NONE
autostart=false
[program:tilde]
command=~/x $HOME
directory=~
stdout_logfile=~/x.log
autostart=false
[program:none]
command=/bin/cat
stdout_logfile=none
stderr_logfile=Auto
autostart=false
[fcgi-program:f]
command=/bin/cat
socket=unix://%(here)s/%(program_name)s.sock
autostart=false
[eventlistener:e]
command=/bin/cat
events=tick_5 , PROCESS_STATE
autostart=false
[group:g]
programs = own , f
priority=3
""")
start(env={"GIVEN": "100"})
call("getAllConfigInfo")
ctl("avail")
end("TERM")
log()
