# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_vat_global_optspecs
    string join \n h/help V/version
end

function __fish_vat_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_vat_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_vat_using_subcommand
    set -l cmd (__fish_vat_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c vat -n "__fish_vat_needs_command" -s h -l help -d 'Print help'
complete -c vat -n "__fish_vat_needs_command" -s V -l version -d 'Print version'
complete -c vat -n "__fish_vat_needs_command" -f -a "try" -d 'See the container\'s truth: make a throwaway container here, and compare this machine\'s tools with ours in it'
complete -c vat -n "__fish_vat_using_subcommand try" -l memory -d 'Limit of memory' -r
complete -c vat -n "__fish_vat_using_subcommand try" -l swap -d 'Limit of swap' -r
complete -c vat -n "__fish_vat_using_subcommand try" -l cpus -d 'Limit of CPU time, as a number of CPUs' -r
complete -c vat -n "__fish_vat_using_subcommand try" -l pids -d 'Limit of tasks' -r
complete -c vat -n "__fish_vat_using_subcommand try" -l shell -d 'Start a shell in the container, with our tools first on its PATH'
complete -c vat -n "__fish_vat_using_subcommand try" -s h -l help -d 'Print help (see more with \'--help\')'
