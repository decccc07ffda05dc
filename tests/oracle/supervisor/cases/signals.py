"""SIGTERM, SIGINT, SIGQUIT end it with 0; SIGUSR1, SIGWINCH, SIGALRM are not for it."""
for name in ["TERM", "INT", "QUIT"]:
    config("[program:a]\ncommand=/bin/cat\n")
    start()
    wait("a", "RUNNING")
    end(name)
    log()
    tree()
    os.unlink(dir / "main.log")
