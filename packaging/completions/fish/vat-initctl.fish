complete -c vat-initctl -s c -l configuration -d 'configuration file path (searches if not given)' -r -F
complete -c vat-initctl -s s -l serverurl -d 'URL on which supervisord server is listening (default "http://localhost:9001").' -r -f
complete -c vat-initctl -s u -l username -d 'username to use for authentication with server' -r -f
complete -c vat-initctl -s p -l password -d 'password to use for authentication with server' -r -f
complete -c vat-initctl -s r -l history_file -d 'keep the lines of the shell in this file' -r -F
complete -c vat-initctl -s h -l help -d 'print usage message and exit'
complete -c vat-initctl -s i -l interactive -d 'start an interactive shell after executing commands'
