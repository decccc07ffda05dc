# slow
"""Passwords, in plain and as {SHA}."""
import wire
config("""
[unix_http_server]
username=me
password=se:cret
chmod=0760
chown=daemon:daemon
[inet_http_server]
port=127.0.0.1:{port}
username=you
password={SHA}e5e9fa1ba31ecd1ae84f75caaa474f3a663f05f4
[supervisorctl]
username=me
password=se:cret
[program:a]
command=/bin/cat
""")
start(ready=False)
wait_file("main.log", "entered RUNNING")
port = int(fill("{port}"))
call = wire.call("supervisor.getVersion")
def answer(address, method, path, value=None, header="Authorization"):
    """One line for each request: what is sent, and how it is answered."""
    with wire.connect(address or str(dir / "s.sock")) as link:
        headers = {} if value is None else {header: value}
        link.sendall(wire.request(method, path, headers, call if method == "POST" else b""))
        status, headers, _ = wire.Replies(link).next()
    say(f"{'unix' if address is None else 'tcp'} {method} {path} {value!r:.60}: {status.split()[1]} {headers.get('www-authenticate', '')}")
for address, name, password in [(None, "me", "se:cret"), (port, "you", "secret")]:
    right = wire.basic(f"{name}:{password}")
    for credentials in [f"{name}:{password}", f"{name}:wrong", f"{name}:", f"x:{password}", ":"]:
        answer(address, "POST", "/RPC2", wire.basic(credentials))
    for value in ["", "Basic", "Bearer x", "basic " + right[6:]]:
        answer(address, "GET", "/ok.html", value)
    for path in ["/", "/ok.html", "/RPC2", "/logtail/a", "/mainlogtail", "/nothing", "/stylesheets/supervisor.css"]:
        answer(address, "GET", path)
    answer(address, "GET", "/ok.html", right, header="AUTHORIZATION")
    # What is no pair of a name and a password: the original breaks on some of it.
    for value in ["Basic ", "Basic !!!", wire.basic(name), "Basic " + "A" * 300]:
        with wire.connect(address or str(dir / "s.sock")) as link:
            link.sendall(wire.request("GET", "/ok.html", {"Authorization": value}))
            say(f"{value:.20} is refused: {wire.Replies(link).next()[0].split()[1] in ('400', '401', '500')}")
ctl("status")
ctl("-u", "me", "-p", "wrong", "status")
ctl("-s", "http://127.0.0.1:{port}", "-u", "you", "-p", "secret", "status")
ctl("-s", "http://127.0.0.1:{port}", "-u", "you", "-p", "wrong", "status")
ctl("-s", "http://127.0.0.1:1", "status")
import stat, pwd
status = os.stat(dir / "s.sock")
say(stat.filemode(status.st_mode), status.st_uid == pwd.getpwnam("daemon").pw_uid)
end("TERM", told=False)
