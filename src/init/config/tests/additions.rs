//! The options that are not in supervisor.

use super::super::*;
use super::read;
use std::time::Duration;

fn process(options: &str) -> Result<Process, String> {
    let config = read(&format!("[program:x]\ncommand=c\n{options}")).map_err(|error| error.to_string())?;
    Ok(config.groups[0].processes[0].clone())
}

#[test]
fn all_of_them() {
    let it = process(
        "depends_on=\nready=tcp:5432\nready_timeout=2m\nrestart_delay=500ms\nrestart_delay_max=1h\nrestart_window=60\n\
         restart_limit=5\nessential=true\nhealth_command=/bin/check --fast\nhealth_interval=5\nhealth_retries=2\n\
         health_start_period=1.5s\nhealth_action=Stop\npre_start=a\npost_stop=b %(program_name)s\nhook_timeout=7\nkillmode=tree\n\
         user_env=yes\nrlimit_nofile=1024:4096\nrlimit_core=unlimited\nrlimit_fsize=1MB\noom_score_adj=-500\nnice=19\ncpu=1.5\n\
         memory=64MB\npids=100\nschedule=*/5 * * * *\nenvironment_file=/run/secrets, -~me/env\nconsole=true\n\
         stdout_logfile_rotate=Daily\nstderr_logfile_rotate=90m\nstdout_prefix=%(process_name)s %(time)s|\nstderr_format=json",
    )
    .unwrap();
    let s = Duration::from_secs;
    assert_eq!(it.ready, Some((Ready::Tcp("localhost".into(), 5432), s(120))));
    let restart =
        Restart { delay: Some(Duration::from_millis(500)), delay_max: Some(s(3600)), window: Some((s(60), 5)) };
    assert_eq!((it.restart, it.essential), (restart, Essential::Yes));
    let health = Health {
        command: "/bin/check --fast".into(),
        interval: s(5),
        timeout: s(5),
        retries: 2,
        start_period: Duration::from_millis(1500),
        action: HealthAction::Stop,
    };
    assert_eq!(it.health, Some(health));
    let hooks = Hooks { pre_start: Some("a".into()), post_stop: Some("b x".into()), timeout: s(7), ..Hooks::default() };
    assert_eq!((it.hooks, it.kill, it.user_env), (hooks, Some(Kill::Tree), true));
    let rlimit = |resource: &str, soft, hard| Rlimit { resource: resource.into(), soft, hard };
    let core = rlimit("core", None, None);
    let fsize = rlimit("fsize", Some(1 << 20), Some(1 << 20));
    assert_eq!(it.rlimits, [core, fsize, rlimit("nofile", Some(1024), Some(4096))]);
    assert_eq!((it.oom_score_adj, it.nice), (Some(-500), Some(19)));
    assert_eq!(it.limits, Limits { cpu: Some(1500), memory: Some(64 << 20), pids: Some(100) });
    assert_eq!((it.schedule.as_deref(), it.console), (Some("*/5 * * * *"), true));
    assert_eq!(it.environment_file, [("/run/secrets".into(), false), ("/home/me/env".into(), true)]);
    assert_eq!((it.stdout.rotate, it.stderr.rotate), (Some(Rotate::Daily), Some(Rotate::Every(s(5400)))));
    assert_eq!((it.stdout.format, it.stderr.format), (LineFormat::Prefix("x {time}|".into()), LineFormat::Json));
}

#[test]
fn readiness() {
    for (text, expected) in [
        ("fd:3", Ready::Fd(3)),
        ("notify", Ready::Notify),
        ("tcp:[::1]:80", Ready::Tcp("[::1]".into(), 80)),
        ("command: pg_isready -q", Ready::Command("pg_isready -q".into())),
    ] {
        assert_eq!(process(&format!("ready={text}")).unwrap().ready, Some((expected, Duration::from_secs(60))));
    }
    assert_eq!(process("on_exit=shutdown\nessential=true").unwrap().essential, Essential::OnExit);
}

#[test]
fn what_is_wrong_with_them() {
    for (options, expected) in [
        ("ready=now", "invalid 'ready' value 'now', it is one of: fd:N, notify, tcp:HOST:PORT, command:COMMAND"),
        ("ready=fd:2", "2 is not between 3 and 1023"),
        ("ready=tcp:x:0", "0 is below lower bound (1)"),
        ("ready_timeout=soon", "not a valid duration: 'soon'"),
        ("restart_window=5", "restart_window and restart_limit need each other"),
        ("health_action=pray", "invalid 'health_action' value 'pray', it is one of: restart, stop, log, shutdown"),
        ("health_interval=0", "not a valid duration: '0'"),
        ("killmode=all", "invalid 'killmode' value 'all', it is one of: tree, cgroup"),
        ("rlimit_nofile=5:4", "rlimit_nofile=5:4: the soft limit is above the hard one"),
        ("rlimit_nofile=unlimited:4", "rlimit_nofile=unlimited:4: the soft limit is above the hard one"),
        ("rlimit_stack=-5", "-5 is below lower bound (0)"),
        ("oom_score_adj=1001", "1001 is not between -1000 and 1000"),
        ("nice=-21", "-21 is not between -20 and 19"),
        ("cpu=0", "not a valid number of CPUs: '0'"),
        ("cpu=nan", "not a valid number of CPUs: 'nan'"),
        ("memory=0", "0 is below lower bound (1)"),
        ("schedule=", "schedule is empty"),
        ("stdout_logfile_rotate=yearly", "not a valid duration: 'yearly'"),
        ("stdout_format=json\nstdout_prefix=x", "stdout_prefix and stdout_format=json exclude each other"),
        ("depends_on=y", "depends_on names unknown program, group or process y"),
        ("depends_on=x", "depends_on goes round in a circle: x -> x"),
    ] {
        let expected = format!("{expected} in section 'program:x' (file: '/etc/s.conf')");
        assert_eq!(process(options).unwrap_err(), expected, "{options}");
    }
}

#[test]
fn of_the_daemon() {
    let text = "shutdown_timeout=9\nexit_code_from=g:x\nlog_format=json\njournal=/tmp/j\nstate_file=s\nloadavg=no\npids_high=0\n\
        second_signal=kill\n[program:x]\ncommand=c\n[group:g]\nprograms=x\n";
    let it = read(text).unwrap().daemon;
    assert_eq!((it.shutdown_timeout, it.exit_code_from.as_deref()), (Some(Duration::from_secs(9)), Some("g:x")));
    assert_eq!((it.log_format, it.loadavg, it.pids_high, it.second_signal_kills), (LogFormat::Json, false, 0, true));
    assert_eq!((it.journal, it.state_file), (Some("/tmp/j".into()), Some("/srv/s".into())));
    for (text, expected) in [
        ("exit_code_from=x", "exit_code_from names unknown process x in section 'supervisord'"),
        ("pids_high=101", "pids_high=101 is not a percentage in section 'supervisord'"),
        ("log_format=xml", "invalid 'log_format' value 'xml', it is one of: text, json in section 'supervisord'"),
        (
            "exit_code_from=g\n[program:x]\ncommand=c\nnumprocs=2\nprocess_name=%(process_num)d\n[group:g]\nprograms=x",
            "exit_code_from=g means 2 processes in section 'supervisord'",
        ),
    ] {
        assert_eq!(read(text).unwrap_err().to_string(), expected);
    }
}
