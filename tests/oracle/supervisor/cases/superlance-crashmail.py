"""superlance's crashmail and fatalmailbatch write their mails."""
file("sendmail", "#!/bin/sh\ncat >>{dir}/mails.$1\n", 0o755)
import socketserver, threading
mails = []
class Mail(socketserver.StreamRequestHandler):
    """As much of a mail server as a mail needs."""
    def handle(self):
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                mails.append([])
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    mails[-1].append(line.decode().rstrip())
            self.wfile.write(b"250 yes\r\n")
            if word == b"QUIT":
                return
server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mail)
threading.Thread(target=server.serve_forever, daemon=True).start()
mail = server.server_address[1]
config("""
[program:crashes]
command=/bin/sh -c 'sleep 3; exit 3'
startsecs=1
autorestart=false
[program:fatal]
command=/bin/false
startsecs=3
startretries=0
[eventlistener:crashmail]
command={venv}/bin/crashmail -a -m me@example.com -s "{dir}/sendmail crash"
events=PROCESS_STATE_EXITED
startsecs=0
[eventlistener:fatalmailbatch]
command={venv}/bin/fatalmailbatch --toEmail=me@example.com --fromEmail=you@example.com --interval=0.05 --tickEvent=TICK_5 --smtpHost=127.0.0.1:MAIL
events=PROCESS_STATE,TICK_5
buffer_size=100
startsecs=0
stderr_logfile={dir}/fatal.err
""".replace("MAIL", str(mail)))
start()
wait("crashes", "EXITED")
wait_file("mails.crash", "exited")
show("mails.crash")
until(lambda: mails and mails[-1], "a mail")
say(*(line for line in mails[0] if not line.startswith(("Date", "Message-ID", "Content", "MIME"))))
for name in ["crashmail", "fatalmailbatch"]:
    info(name, "statename")
end("TERM")
