"""SIGHUP with a file that cannot be read: the original ends with 2. Ours goes on with what it had: pid 1 may not end."""
# differs: it goes on
# - -- exit code 2
# - == err
# -    Error: invalid literal for int() with base 10: 'many' in section 'program:a' (file: 'supervisord.conf')
# -    For help, use DIR/bin/supervisord -h
# - -- SIGTERM
# - -- exit code 2
# - == err
# -    Error: invalid literal for int() with base 10: 'many' in section 'program:a' (file: 'supervisord.conf')
# -    For help, use DIR/bin/supervisord -h
# + -- does not end
# + -- SIGTERM
# + -- exit code 0
# differs: it says why, and ends later
# -    WARN received SIGHUP indicating restart request
# +    WARN received SIGHUP indicating restart request
# +    CRIT invalid literal for int() with base 10: 'many' in section 'program:a' (file: 'supervisord.conf'); everything goes on as it is
# +    WARN received SIGTERM indicating exit request
config("""
[program:a]
command=/bin/cat
""")
start()
wait("a", "RUNNING")
config("""
[program:a]
command=/bin/cat
startsecs=many
""")
signal("HUP")
sleep(4)
end(patience=3)
end("TERM")
log()
