"""What is said over HTTP to requests good and bad."""
import wire
config("""
[inet_http_server]
port=127.0.0.1:{port}
[program:a]
command=/bin/cat
""")
start()
wait("a", "RUNNING")
good = wire.call("supervisor.getVersion")
XML = {"Content-Type": "text/xml"}
http("POST", "/RPC2", XML, good)
http("POST", "/RPC2", {}, good)
http("POST", "/RPC2/", XML, good)
http("POST", "/RPC2x", XML, good)
http("POST", "/rpc2", XML, good)
http("POST", "/", XML, good, shown=False)
http("POST", "/nothing", XML, good, shown=False)
http("POST", "/RPC2", XML, good, version="1.0")
http("POST", "/RPC2", {"Connection": "close"}, good)
http("POST", "/RPC2", {"Connection": "keep-alive"}, good, version="1.0")
http("POST", "/RPC2", XML, good, address=int(fill("{port}")))
http("GET", "/RPC2")
http("HEAD", "/RPC2", shown=False)
http("PUT", "/RPC2", XML, good)
http("GET", "/ok.html")
http("HEAD", "/ok.html", shown=False)
http("GET", "/ok.html", {"Connection": "close"})
http("GET", "/ok.html", version="1.0")
http("GET", "/nothing.html")
http("GET", "/../../etc/passwd")
http("GET", "/%2e%2e/%2e%2e/etc/passwd")
http("GET", "/stylesheets/../../supervisord.py")
http("GET", "/stylesheets/nothing.css")
http("GET", "/stylesheets/supervisor.css", shown=False)
for text in [
    "x", "<a/>", "<methodCall/>", "<methodCall><methodName/></methodCall>",
    "<methodCall><methodName>supervisor.getVersion</methodName></methodCall>",
    "<methodCall><methodName>supervisor.getVersion</methodName><params/></methodCall>",
    "<methodCall><methodName> supervisor.getVersion </methodName><params/></methodCall>",
    "<methodCall><methodName>supervisor.getVersion</methodName><params></methodCall>",
    "<?xml version='1.0' encoding='latin-1'?><methodCall><methodName>supervisor.getVersion</methodName></methodCall>",
    "<methodCall><methodName>supervisor.getProcessInfo</methodName><params><param><value>none</value></param></params></methodCall>",
    "<methodCall><methodName>supervisor.getProcessInfo</methodName><params><param>none</param></params></methodCall>",
    "<methodCall><methodName>supervisor.getProcessInfo</methodName><params><param><value><string>none &lt;&amp;&#65;</string></value></param></params></methodCall>",
    "<methodCall><methodName>supervisor.readLog</methodName><params><param><value><i4>0</i4></value></param><param><value><int> 3 </int></value></param></params></methodCall>",
    "<methodCall><methodName>supervisor.readLog</methodName><params><param><value><int>x</int></value></param><param><value><int>3</int></value></param></params></methodCall>",
    "<methodCall><methodName>supervisor.readLog</methodName><params><param><value><i8>0</i8></value></param><param><value><int>3</int></value></param></params></methodCall>",
    "<methodCall><methodName>supervisor.readLog</methodName><params><param><value><double>0.9</double></value></param><param><value><boolean>1</boolean></value></param></params></methodCall>",
    "<methodCall><methodName>supervisor.sendRemoteCommEvent</methodName><params><param><value><base64>eA==</base64></value></param><param><value>y</value></param></params></methodCall>",
    "<methodCall><methodName>supervisor.getVersion</methodName></methodCall>trailing",
    "<methodResponse><methodName>supervisor.getVersion</methodName></methodResponse>",
    "<methodCall><methodName>supervisor.getVersion</methodName><params><!-- a comment --></params></methodCall>",
    "<methodCall><methodName>supervisor.get<!-- x -->Version</methodName></methodCall>",
    "<methodCall><methodName><![CDATA[supervisor.getVersion]]></methodName></methodCall>",
]:
    say(text)
    http("POST", "/RPC2", XML, text, shown=True)
log(by_name=False)
end("TERM")
