"""Reads supervisor configurations with the real supervisor, and prints what it made of each as JSON.

Standard input: a list of cases, each with directory, program, environment and arguments."""

import io
import json
import os
import sys
import tempfile

from supervisor import datatypes, events, options


class Ended(Exception):
    pass


class Quiet:
    def __init__(self):
        self.said = []

    def warn(self, text):
        self.said.append(text)


def logfile(value):
    return 'auto' if value is datatypes.Automatic else value or None


def autorestart(value):
    if value is datatypes.RestartWhenExitUnexpected:
        return 'Unexpected'
    return 'Always' if value is datatypes.RestartUnconditionally else 'Never'


def size(value):
    return max(0, value)


def channel(process, name):
    get = lambda option: getattr(process, name + '_' + option)
    return {
        'logfile': logfile(get('logfile')),
        'maxbytes': size(get('logfile_maxbytes')),
        'backups': size(get('logfile_backups')),
        'capture_maxbytes': size(get('capture_maxbytes')),
        'events_enabled': get('events_enabled'),
        'syslog': get('syslog'),
    }


def process(it):
    same = ['name', 'command', 'directory', 'umask', 'priority', 'autostart', 'startsecs', 'startretries', 'uid', 'stopsignal',
            'stopwaitsecs', 'stopasgroup', 'killasgroup', 'exitcodes', 'redirect_stderr', 'environment', 'serverurl']
    dumped = {name: getattr(it, name) for name in same}
    dumped['umask'] = None if it.umask is None else it.umask & 0o7777
    dumped['autorestart'] = autorestart(it.autorestart)
    dumped['stdout'] = channel(it, 'stdout')
    dumped['stderr'] = channel(it, 'stderr')
    return dumped


def owner(value):
    return None if value in (None, (-1, -1)) else [value[0], value[1] if value[1] >= 0 else 0xffffffff]


def group(it):
    dumped = {'name': it.name, 'priority': it.priority, 'processes': [process(one) for one in sorted(it.process_configs)]}
    if isinstance(it, options.EventListenerPoolConfig):
        dumped['events'] = sorted(events.getEventNameByType(one) for one in it.pool_events)
        dumped['buffer_size'] = it.buffer_size
    if isinstance(it, options.FastCGIGroupConfig):
        socket = it.socket_config
        dumped['socket'] = {'url': socket.url, 'backlog': socket.backlog}
        if hasattr(socket, 'path') and socket.path:
            dumped['socket'].update(owner=owner(socket.owner), mode=socket.mode & 0o7777)
    return dumped


def server(it):
    login = None if it['username'] is None else [it['username'], it['password']]
    dumped = {'section': it['section'], 'login': login}
    if 'file' in it:
        dumped.update(file=it['file'], mode=it['chmod'] & 0o7777, owner=owner(it['chown']))
    else:
        dumped.update(host=it['host'], port=it['port'])
    return dumped


def daemon(it):
    same = ['logfile', 'loglevel', 'pidfile', 'directory', 'identifier', 'childlogdir', 'uid', 'gid', 'serverurl']
    dumped = {name: getattr(it, name) for name in same}
    dumped.update({name: size(getattr(it, name)) for name in ['logfile_maxbytes', 'logfile_backups', 'minfds', 'minprocs']})
    dumped.update({name: bool(getattr(it, name)) for name in ['nodaemon', 'silent', 'nocleanup', 'strip_ansi']})
    dumped['umask'] = it.umask & 0o7777
    dumped['environment'] = it.configroot.supervisord.environment
    return dumped


def read(case):
    os.chdir(case['directory'])
    os.environ.clear()
    os.environ.update(dict(case['environment']))
    tempfile.tempdir = None
    sys.argv = [case['program']]
    it = options.ServerOptions()
    it.stderr, it.stdout, it.warnings = io.StringIO(), io.StringIO(), Quiet()

    def end(code):
        it.code = code
        raise Ended()

    it.exit = end
    try:
        it.realize(case['arguments'], doc='usage', progname=case['program'])
    except Ended:
        return {'code': it.code, 'stderr': it.stderr.getvalue(), 'stdout': it.stdout.getvalue()}
    except Exception as error:
        return {'exception': repr(error)}
    return {
        'daemon': daemon(it),
        'servers': [server(one) for one in it.server_configs],
        'has_rpc_interface': any(name == 'supervisor' for name, _, _ in it.rpcinterface_factories),
        'groups': [group(one) for one in it.process_group_configs],
        'notes': it.parse_criticals + it.parse_warnings + it.parse_infos,
        'warnings': it.warnings.said,
    }


json.dump([read(case) for case in json.load(sys.stdin)], sys.stdout)
