"""system.*: what there is, help, signatures, several calls in one."""
# differs: a value of the wrong type is a fault that says so, no error of the server
# - > system.multicall('x')
# - < 500 Internal Server Error
# - > system.multicall([1])
# - < 500 Internal Server Error
# + > system.multicall('x')
# + < fault 2 INCORRECT_PARAMETERS
# + > system.multicall([1])
# + < fault 2 INCORRECT_PARAMETERS
# differs: the same, in words that are not Python's
# - <   'faultCode': 30
# - <   'faultString': "FAILED: <class 'AttributeError'>:'int' object has no attribute 'split'"
# + <   'faultCode': 2
# + <   'faultString': 'INCORRECT_PARAMETERS'
config("""
[program:a]
command=/bin/cat
[program:fails]
command=/bin/false
autostart=false
startretries=0
startsecs=3
""")
start()
wait("a", "RUNNING")
names = call("system.listMethods")
for name in names:
    call("system.methodSignature", name)
# In other words than the original's.
say(*(f"{name} has help: {bool(quiet('system.methodHelp', name))}" for name in names))
call("system.methodHelp", "supervisor.nothing")
call("system.methodSignature", "supervisor.nothing")
call("system.methodSignature", "")
call("system.methodHelp")
call("system.multicall", [])
call("system.multicall", [{"methodName": "supervisor.getVersion"}])
call("system.multicall", [
    {"methodName": "supervisor.getVersion", "params": []},
    {"methodName": "supervisor.getIdentification", "params": [1]},
    {"methodName": "nothing", "params": []},
    {"methodName": "system.multicall", "params": [[]]},
    {"methodName": "system.methodSignature", "params": ["supervisor.stopProcess"]},
    {"params": []},
    {},
    {"methodName": "supervisor.getProcessInfo", "params": ["nothing"]},
    {"methodName": "supervisor.stopProcess", "params": ["a"]},
    {"methodName": "supervisor.startProcess", "params": ["a"]},
    {"methodName": "supervisor.startProcess", "params": ["fails"]},
    {"methodName": "supervisor.startAllProcesses"},
    {"methodName": "supervisor.getState"},
])
call("system.multicall", "x")
call("system.multicall", [1])
call("system.multicall", {"methodName": "supervisor.getVersion"})
call("system.multicall", [{"methodName": 5}])
call("system.multicall")
call("system.multicall", [{"methodName": "supervisor.stopProcess", "params": "nothing"}])
call("system.multicall", [{"methodName": "supervisor.getState", "params": {"a": 1}}])
end("TERM")
log()
