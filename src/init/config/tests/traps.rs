//! `vat-init --check`.

use super::super::check::{Report, check};
use super::super::*;
use super::{machine, read};

fn checked(text: &str) -> Report {
    let arguments = Arguments { configuration: Some("/etc/s.conf".to_owned()), ..Arguments::default() };
    check(&arguments, &machine(&[("/etc/s.conf", text)])).unwrap()
}

#[test]
fn a_plain_file_has_no_traps() {
    let text = "[supervisord]\nnodaemon=true\n[unix_http_server]\nfile=/run/s\n[supervisorctl]\nserverurl=unix:///run/s\n\
        [rpcinterface:supervisor]\nsupervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface\n\
        [program:web]\ncommand=/bin/web\nnumprocs=2\nprocess_name=%(process_num)d\nstdout_logfile=/dev/stdout\n\
        stdout_logfile_maxbytes=0\nstartsecs=3\n[eventlistener:l]\ncommand=l\nevents=TICK\n";
    let Report { text, warnings } = checked(text);
    assert_eq!(warnings, Vec::<String>::new());
    let expected = "/etc/s.conf\n\nsupervisord\n    nodaemon  true\n\nunix_http_server\n    listens at  /run/s, mode 0700\n    \
        lets in     anybody\n\nlisteners l, priority -1\n    events       TICK\n    buffer_size  10\n\nprocess l\n    \
        command  l\n\ngroup web, priority 999\n\nprocess web:0\n    command    /bin/web\n    program    web\n    \
        startsecs  3\n    stdout     /dev/stdout, not rotated\n\nprocess web:1\n";
    assert!(text.starts_with(expected), "{text}");
}

#[test]
fn a_terminal_obeys_nothing_in_it() {
    let text = "[supervisord]\nidentifier=\x1b[2J\n[x\x1b]\n[program:\x07]\ncommand=a\n  \x1bc\n";
    let Report { text, warnings } = checked(text);
    assert!(!warnings.concat().contains(char::is_control) && !text.contains(|c: char| c.is_control() && c != '\n'));
    assert!(text.contains("process \\u{7}\n    command  a\\n\\u{1b}c\n"), "{text}");
}

#[test]
fn each_trap() {
    for (text, expected) in [
        (
            "[program:x]\ncommand=sh -c 'a ; b'",
            "[program:x] command ends inside quotes: \"; b'\" is taken for a comment",
        ),
        ("[program:x]\ncomand=x\ncommand=y", "[program:x] comand is not a known option, did you mean command?"),
        ("whatever=x", "[supervisord] whatever is not a known option"),
        ("[porgram:x]\ncommand=x", "[porgram:x] is not a known section, did you mean [program:NAME]?"),
        ("[supervisor]", "[supervisor] is not a known section, did you mean [supervisord]?"),
        ("nodaemon=true\numask=022", "[supervisord] umask has no effect with nodaemon=true"),
        (
            "logfile=/dev/stdout\nlogfile_maxbytes=5",
            "[supervisord] logfile_maxbytes has no effect: /dev/stdout is not rotated",
        ),
        (
            "[program:x]\ncommand=x\nstdout_logfile=/dev/fd/1\nstdout_logfile_maxbytes=1KB",
            "[program:x] stdout_logfile_maxbytes has no effect: /dev/fd/1 is not rotated",
        ),
        (
            "[program:x]\ncommand=x\nredirect_stderr=true\nstderr_logfile_backups=5",
            "[program:x] stderr_logfile_backups has no effect: there is no log file",
        ),
        (
            "[program:x]\ncommand=x\nstartsecs=0\nstartretries=5",
            "[program:x] startretries has no effect with startsecs=0: what ends has not failed to start",
        ),
        ("[program:x]\ncommand=x\nready_timeout=5", "[program:x] ready_timeout has no effect without ready"),
        ("[program:x]\ncommand=x\nhealth_retries=5", "[program:x] health_retries has no effect without health_command"),
        ("[program:x]\ncommand=x 'y", "[program:x] command cannot be started: No closing quotation"),
        (
            "[program:x]\ncommand=x\ndepends_on=y\n[program:y]\ncommand=y\nautostart=false",
            "[program:x] depends_on=y waits for y, which is not started by itself",
        ),
        (
            "[inet_http_server]\nport=1",
            "[inet_http_server] has no password: whoever reaches the port runs commands as the daemon's user",
        ),
        (
            "[inet_http_server]\nport=1\nusername=a\npassword=b",
            "[inet_http_server] password stands in /etc/s.conf, which everybody may read",
        ),
        (
            "[unix_http_server]\nfile=/x\nchmod=0777",
            "[unix_http_server] has no password, and chmod=0777 lets everybody on the machine in",
        ),
        (
            "[unix_http_server]\nfile=/x",
            "there is a server, but no [rpcinterface:supervisor]: supervisorctl and other clients can do nothing",
        ),
        (
            "shutdown_timeout=5\n[program:x]\ncommand=x",
            "[program:x] stopwaitsecs=10 is more than shutdown_timeout=5 leaves at the end",
        ),
        (
            "[program:x]\ncommand=x\nstdout_logfile_maxbytes=0",
            "For [program:x], AUTO logging used for stdout_logfile without rollover, set maxbytes > 0 to avoid filling up filesystem unintentionally",
        ),
    ] {
        let warnings = checked(&format!("[supervisord]\n{text}\n")).warnings;
        assert!(warnings.iter().any(|warning| warning.ends_with(expected)), "{expected}\n{warnings:#?}");
    }
}

#[test]
fn a_password_that_is_not_in_the_file_is_none() {
    let text = "[supervisord]\n[inet_http_server]\nport=1\nusername=a\npassword={SHA}82ab876d1387bfafe46cc1c8a2ef074eae50cb1d\n";
    assert!(!checked(text).warnings.iter().any(|warning| warning.contains("password")));
}

/// Every option that is said to be known is read: a name that nothing stands for is found in it.
#[test]
fn the_known_options_are_those_that_are_read() {
    for (section, needed) in [
        ("supervisord", ""),
        ("unix_http_server", "file=/x\nusername=u\npassword=p"),
        ("inet_http_server", "port=1\nusername=u\npassword=p"),
        ("group:x", ""),
        ("program:x", "command=x"),
        ("eventlistener:x", "command=x\nevents=TICK"),
        ("fcgi-program:x", "command=x\nsocket=tcp://a:1"),
    ] {
        for option in check::known_options(section) {
            let error = read(&format!("[{section}]\n{needed}\n{option}=%(nobody)s")).unwrap_err().to_string();
            let [expanded, bare] = [format!("for '{section}.{option}' contains"), format!("for '{option}' contains")];
            assert!(error.contains(&expanded) || error.contains(&bare), "{error}");
        }
    }
}
