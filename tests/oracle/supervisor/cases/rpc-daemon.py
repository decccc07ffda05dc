"""The methods that ask about the daemon itself, and what is wrong with arguments."""
# differs: a value of the wrong type is a fault that says so, no error of the server
# - > startProcess(5)
# - < 500 Internal Server Error
# + > startProcess(5)
# + < fault 2 INCORRECT_PARAMETERS
# differs: a value of the wrong type is a fault that says so, no error of the server
# - > startProcess(['a'])
# - < 500 Internal Server Error
# + > startProcess(['a'])
# + < fault 2 INCORRECT_PARAMETERS
# differs: a value of the wrong type is a fault that says so, no error of the server
# - > startProcess({'a': 1})
# - < 500 Internal Server Error
# + > startProcess({'a': 1})
# + < fault 2 INCORRECT_PARAMETERS
# differs: a value of the wrong type is a fault that says so, no error of the server
# - > getProcessInfo(1.5)
# - < 500 Internal Server Error
# + > getProcessInfo(1.5)
# + < fault 2 INCORRECT_PARAMETERS
# differs: a value of the wrong type is a fault that says so, no error of the server
# - > getProcessInfo(True)
# - < 500 Internal Server Error
# + > getProcessInfo(True)
# + < fault 2 INCORRECT_PARAMETERS
# differs: a value of the wrong type is a fault that says so, no error of the server
# - > readLog('x', 0)
# - < 500 Internal Server Error
# + > readLog('x', 0)
# + < fault 2 INCORRECT_PARAMETERS
config("""
[supervisord]
identifier=the identifier
[program:a]
command=/bin/cat
autostart=false
""")
start()
for method in ["getAPIVersion", "getVersion", "getSupervisorVersion", "getIdentification", "getState"]:
    call(method)
say(quiet("getPID") == pid())
call("supervisor.nothing")
call("nothing.getState")
call("getState.x")
call("supervisor._update", "x")
call("system.__init__")
call("supervisor")
call("supervisor.supervisord.options")
for values in [(1,), ("x", True)]:
    call("getState", *values)
call("startProcess")
call("startProcess", "a", True, 3)
call("startProcess", 5)
call("startProcess", ["a"])
call("startProcess", {"a": 1})
call("getProcessInfo", 1.5)
call("getProcessInfo", True)
call("readLog", "x", 0)
call("readLog", "0", "11")
call("readLog", 0)
call("readLog", 0, 4)
call("readLog", 0, -1)
call("readLog", -4, 1)
call("readLog", 10**6, 0)
call("readMainLog", 0, 4)
call("readLog", 2.7, 3.2)
call("clearLog")
call("readLog", 0, 0)
file("main.log.1", "x")
os.unlink(dir / "main.log")
call("readLog", 0, 0)
call("clearLog")
log()
end("TERM")
