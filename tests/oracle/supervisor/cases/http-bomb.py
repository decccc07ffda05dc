"""Entities that become a gigabyte, and what else is too much: a bounded answer. The original's parser has a guard of its own.

Ours knows no entities but XML's five, and no value deeper than a few."""
# differs: no entities of one's own
# - an entity: 200
# + an entity: 400
# differs: a value may not be deep
# - deep: 200
# + deep: 400
import wire
config("[program:a]\ncommand=/bin/cat\n")
start()
def send(name, text):
    with wire.connect(str(dir / "s.sock")) as link:
        link.sendall(wire.request("POST", "/RPC2", {}, text.encode()))
        say(f"{name}: {wire.Replies(link).next()[0].split()[1]}")
send("an entity", "<!DOCTYPE x [<!ENTITY a 'supervisor.getVersion'>]><methodCall><methodName>&a;</methodName></methodCall>")
entities = "".join(f"<!ENTITY e{n} '{'&e%d;' % (n - 1) * 10}'>" for n in range(1, 10))
send("a bomb", f"<!DOCTYPE x [<!ENTITY e0 'supervisor'>{entities}]><methodCall><methodName>&e9;</methodName></methodCall>")
send("deep", "<methodCall><methodName>supervisor.readLog</methodName><params><param>" + "<value><array><data>" * 3000 + "</data></array></value>" * 3000 + "</param></params></methodCall>")
send("wide", "<methodCall><methodName>supervisor.getVersion</methodName><params>" + "<param><value>1</value></param>" * 20000 + "</params></methodCall>")
call("getVersion")
end("TERM")
