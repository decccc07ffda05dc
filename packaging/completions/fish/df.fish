complete -c df -s B -l block-size -d 'show sizes in units of SIZE' -r
complete -c df -l output -d 'show the fields of FIELD_LIST, or all where it is omitted' -r
complete -c df -s t -l type -d 'only file systems of type TYPE' -r
complete -c df -s x -l exclude-type -d 'only file systems not of type TYPE' -r
complete -c df -s a -l all -d 'include pseudo, duplicate, inaccessible file systems'
complete -c df -s h -l human-readable -d 'show sizes in powers of 1024 (1023M)'
complete -c df -s H -l si -d 'show sizes in powers of 1000 (1.1G)'
complete -c df -s i -l inodes -d 'show inodes instead of blocks'
complete -c df -s k -d 'like --block-size=1K'
complete -c df -s l -l local -d 'only local file systems'
complete -c df -l no-sync -d 'do not invoke sync first (default)'
complete -c df -s P -l portability -d 'use the POSIX output format'
complete -c df -l sync -d 'invoke sync first'
complete -c df -l total -d 'show a grand total, and nothing twice'
complete -c df -s T -l print-type -d 'show the file system\'s type'
complete -c df -s v -d '(ignored)'
complete -c df -l help -d 'display this help and exit'
complete -c df -l version -d 'output version information and exit'
