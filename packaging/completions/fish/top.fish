complete -c top -s d -l delay -d 'iterative delay as SECS [.TENTHS]' -r
complete -c top -s E -l scale-summary-mem -d 'set mem as: k,m,g,t,p,e for SCALE' -r
complete -c top -s e -l scale-task-mem -d 'set mem with: k,m,g,t,p for SCALE' -r
complete -c top -s n -l iterations -d 'exit on maximum iterations NUMBER' -r
complete -c top -s o -l sort-override -d 'force sorting on this named FIELD' -r
complete -c top -s p -l pid -d 'monitor only the tasks in PIDLIST' -r
complete -c top -s U -l filter-any-user -d 'show only processes owned by USER' -r
complete -c top -s u -l filter-only-euser -d 'show only processes owned by USER' -r
complete -c top -s w -l width -d 'change print width [,use COLUMNS]' -r
complete -c top -s A -l apply-defaults -d 'start as if there was no rc file'
complete -c top -s b -l batch-mode -d 'run in non-interactive batch mode'
complete -c top -s c -l cmdline-toggle -d 'reverse last remembered \'c\' state'
complete -c top -s H -l threads-show -d 'show tasks plus all their threads'
complete -c top -s i -l idle-toggle -d 'reverse last remembered \'i\' state'
complete -c top -s O -l list-fields -d 'output all field names, then exit'
complete -c top -s S -l accum-time-toggle -d 'reverse last remembered \'S\' state'
complete -c top -s s -l secure-mode -d 'run with secure mode restrictions'
complete -c top -s 1 -l single-cpu-toggle -d 'reverse last remembered \'1\' state'
complete -c top -l container-line -d 'show the container\'s limits and pressure'
complete -c top -s h -l help -d 'display this help text, then exit'
complete -c top -s V -l version -d 'output version information & exit'
