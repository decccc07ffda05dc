"""Sections that are refused, in the words that are said."""
# differs: says what is known
# - < fault 92 CANT_REREAD: none:none cannot be resolved within [rpcinterface:x]
# + < fault 92 CANT_REREAD: none:none cannot be resolved within [rpcinterface:x]: only supervisor.rpcinterface:make_main_rpcinterface is known
# differs: says what is known
# - < fault 92 CANT_REREAD: none:none cannot be resolved within [eventlistener:e]
# + < fault 92 CANT_REREAD: none:none cannot be resolved within [eventlistener:e]: only supervisor.dispatchers:default_handler is known
D = "[supervisord]\nlogfile={dir}/main.log\npidfile={dir}/p.pid\n"
P = D + "[program:a]\ncommand=/bin/cat\n"
files = {}
more = {
    "group unknown": "[group:g]\nprograms=none\n", "group empty": "[group:g]\nprograms=\n", "group without": "[group:g]\n", "group priority": "[group:g]\nprograms=a\npriority=x\n", "group name": "[group:g h]\nprograms=a\n", "group twice": "[group:g]\nprograms=a\n[group:h]\nprograms=a\n", "group itself twice": "[group:g]\nprograms=a,a\n",
    "listener without": "[eventlistener:e]\ncommand=/bin/cat\n", "listener nonsense": "[eventlistener:e]\ncommand=/bin/cat\nevents=NONSENSE\n", "listener redirects": "[eventlistener:e]\ncommand=/bin/cat\nevents=TICK_5\nredirect_stderr=true\n", "listener buffer": "[eventlistener:e]\ncommand=/bin/cat\nevents=TICK_5\nbuffer_size=0\n", "listener captures": "[eventlistener:e]\ncommand=/bin/cat\nevents=TICK_5\nstdout_capture_maxbytes=5\n",
    "listener handler": "[eventlistener:e]\ncommand=/bin/cat\nevents=TICK_5\nresult_handler=none:none\n", "listener in group": "[eventlistener:e]\ncommand=/bin/cat\nevents=TICK_5\n[group:g]\nprograms=e\n", "listener no command": "[eventlistener:e]\nevents=TICK_5\n",
    "fcgi without": "[fcgi-program:f]\ncommand=/bin/cat\n", "fcgi relative": "[fcgi-program:f]\ncommand=/bin/cat\nsocket=unix://a\n", "fcgi nonsense": "[fcgi-program:f]\ncommand=/bin/cat\nsocket=http://x\n", "fcgi no port": "[fcgi-program:f]\ncommand=/bin/cat\nsocket=tcp://x\n", "fcgi owner": "[fcgi-program:f]\ncommand=/bin/cat\nsocket=tcp://localhost:1\nsocket_owner=root\n", "fcgi nobody": "[fcgi-program:f]\ncommand=/bin/cat\nsocket=unix:///tmp/x\nsocket_owner=nobody-there\n", "fcgi mode": "[fcgi-program:f]\ncommand=/bin/cat\nsocket=unix:///tmp/x\nsocket_mode=9\n", "fcgi backlog": "[fcgi-program:f]\ncommand=/bin/cat\nsocket=unix:///tmp/x\nsocket_backlog=x\n", "fcgi backlog 0": "[fcgi-program:f]\ncommand=/bin/cat\nsocket=unix:///tmp/x\nsocket_backlog=0\n",
    "unix without": "[unix_http_server]\n", "unix mode": "[unix_http_server]\nfile=/tmp/x\nchmod=9\n", "unix owner": "[unix_http_server]\nfile=/tmp/x\nchown=nobody-there\n", "unix user only": "[unix_http_server]\nfile=/tmp/x\nusername=x\n", "unix directory": "[unix_http_server]\nfile=/no/such/x\n", "inet without": "[inet_http_server]\n", "inet port": "[inet_http_server]\nport=x\n", "inet 0": "[inet_http_server]\nport=0\n", "inet 65536": "[inet_http_server]\nport=127.0.0.1:65536\n", "inet host": "[inet_http_server]\nport=no.such.host.invalid:1\n",
    "include without": "[include]\n", "include expands": "[include]\nfiles=%(nothing)s\n", "rpc without": "[rpcinterface:x]\n", "rpc unknown": "[rpcinterface:x]\nsupervisor.rpcinterface_factory=none:none\n",
    "numprocs names": "[program:b]\ncommand=/bin/cat\nnumprocs=2\nprocess_name=x\n", "here": "[program:b]\ncommand=%(here\n", "percent": "[program:b]\ncommand=/bin/date +%H\n",
}
files |= {name: P + text for name, text in more.items()}
config()
start()
for name, text in files.items():
    say(f"== {name}")
    config(text, base="")
    call("reloadConfig")
end("TERM")
log()
