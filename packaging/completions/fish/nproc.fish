complete -c nproc -l ignore -d 'if possible, exclude N processing units' -r
complete -c nproc -l all -d 'print the number of installed processors'
complete -c nproc -l help -d 'display this help and exit'
complete -c nproc -l version -d 'output version information and exit'
