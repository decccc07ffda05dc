complete -c vat-init -s c -l configuration -d 'the configuration file (else it is searched)' -r -F
complete -c vat-init -s u -l user -d 'run as this user (a name or a number)' -r -f -a "(__fish_complete_users)"
complete -c vat-init -s m -l umask -d 'the umask in the background (022)' -r -f
complete -c vat-init -s d -l directory -d 'the working directory in the background' -r -f -a "(__fish_complete_directories)"
complete -c vat-init -s l -l logfile -d 'the main log' -r -F
complete -c vat-init -s y -l logfile_maxbytes -d 'the size at which it is rotated' -r -f
complete -c vat-init -s z -l logfile_backups -d 'how many rotated ones are kept' -r -f
complete -c vat-init -s e -l loglevel -d 'debug, info, warn, error or critical' -r -f
complete -c vat-init -s j -l pidfile -d 'where the daemon\'s pid is written' -r -F
complete -c vat-init -s i -l identifier -d 'the name of this instance' -r -f
complete -c vat-init -s q -l childlogdir -d 'where logs named AUTO are made' -r -f -a "(__fish_complete_directories)"
complete -c vat-init -s a -l minfds -d 'how many open files there must be for the daemon' -r -f
complete -c vat-init -l minprocs -d 'how many processes there must be for the daemon\'s user' -r -f
complete -c vat-init -l profile_options -d 'taken for supervisord\'s sake, without effect' -r -f
complete -c vat-init -l check -d 'tell what is understood of the configuration, warn of its traps, and exit' -r -F
complete -c vat-init -s n -l nodaemon -d 'stay in the foreground'
complete -c vat-init -s s -l silent -d 'nothing on standard output in the foreground'
complete -c vat-init -s h -l help -d 'print this text and exit (also -?)'
complete -c vat-init -s v -l version -d 'print the version and exit'
complete -c vat-init -s k -l nocleanup -d 'keep the AUTO logs of the last run'
complete -c vat-init -s t -l strip_ansi -d 'strip ANSI escape codes from the programs\' output'
