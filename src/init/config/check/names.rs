//! The names that a section or an option may have.

use super::super::addition::RESOURCES;

const SUPERVISORD: &[&str] = &[
    "childlogdir",
    "directory",
    "environment",
    "identifier",
    "logfile",
    "logfile_backups",
    "logfile_maxbytes",
    "loglevel",
    "minfds",
    "minprocs",
    "nocleanup",
    "nodaemon",
    "pidfile",
    "silent",
    "strip_ansi",
    "umask",
    "user",
];
/// Options of `[supervisord]` that are not in supervisor.
const SUPERVISORD_MORE: &[&str] = &[
    "exit_code_from",
    "journal",
    "loadavg",
    "log_format",
    "pids_high",
    "second_signal",
    "shutdown_timeout",
    "state_file",
];
const UNIX_SERVER: &[&str] = &["chmod", "chown", "file", "password", "username"];
const INET_SERVER: &[&str] = &["password", "port", "username"];
const CLIENT: &[&str] = &["history_file", "password", "prompt", "serverurl", "username"];
const GROUP: &[&str] = &["priority", "programs"];
const LISTENER: &[&str] = &["buffer_size", "events", "result_handler"];
const FCGI: &[&str] = &["socket", "socket_backlog", "socket_mode", "socket_owner"];
const PROGRAM: &[&str] = &[
    "autorestart",
    "autostart",
    "command",
    "directory",
    "environment",
    "exitcodes",
    "killasgroup",
    "numprocs",
    "numprocs_start",
    "priority",
    "process_name",
    "redirect_stderr",
    "serverurl",
    "startretries",
    "startsecs",
    "stderr_capture_maxbytes",
    "stderr_events_enabled",
    "stderr_logfile",
    "stderr_logfile_backups",
    "stderr_logfile_maxbytes",
    "stderr_syslog",
    "stdout_capture_maxbytes",
    "stdout_events_enabled",
    "stdout_logfile",
    "stdout_logfile_backups",
    "stdout_logfile_maxbytes",
    "stdout_syslog",
    "stopasgroup",
    "stopsignal",
    "stopwaitsecs",
    "umask",
    "user",
];
/// Options of a program that are not in supervisor, but for the limits.
const PROGRAM_MORE: &[&str] = &[
    "console",
    "cpu",
    "depends_on",
    "environment_file",
    "essential",
    "health_action",
    "health_command",
    "health_interval",
    "health_retries",
    "health_start_period",
    "health_timeout",
    "hook_timeout",
    "killmode",
    "memory",
    "nice",
    "on_exit",
    "oom_score_adj",
    "pids",
    "post_start",
    "post_stop",
    "pre_start",
    "pre_stop",
    "ready",
    "ready_timeout",
    "restart_delay",
    "restart_delay_max",
    "restart_limit",
    "restart_window",
    "schedule",
    "stderr_format",
    "stderr_logfile_rotate",
    "stderr_prefix",
    "stdout_format",
    "stdout_logfile_rotate",
    "stdout_prefix",
    "user_env",
];

/// The sections: what they are called or begin with, and their options. `None` for those whose options are a plug-in's own.
const SECTIONS: [(&str, Option<&[&[&str]]>); 11] = [
    ("supervisord", Some(&[SUPERVISORD, SUPERVISORD_MORE])),
    ("unix_http_server", Some(&[UNIX_SERVER])),
    ("inet_http_server", Some(&[INET_SERVER])),
    ("supervisorctl", Some(&[CLIENT])),
    ("include", Some(&[&["files"]])),
    ("program:", Some(&[PROGRAM, PROGRAM_MORE])),
    ("group:", Some(&[GROUP])),
    ("eventlistener:", Some(&[PROGRAM, PROGRAM_MORE, LISTENER])),
    ("fcgi-program:", Some(&[PROGRAM, PROGRAM_MORE, FCGI])),
    ("rpcinterface:", None),
    ("ctlplugin:", None),
];

/// The options that are not in supervisor, which a manual has to tell of.
pub fn own_options() -> impl Iterator<Item = String> {
    SUPERVISORD_MORE.iter().chain(PROGRAM_MORE).map(|name| (*name).to_owned()).chain(rlimits())
}

fn rlimits() -> impl Iterator<Item = String> {
    RESOURCES.iter().map(|resource| format!("rlimit_{resource}"))
}

/// What a section may have.
pub(super) enum Known {
    /// Anything.
    Anything,
    /// These options.
    Options(Vec<String>),
    /// Nothing reads it; it may have been meant for what begins like this.
    Nothing(Option<&'static str>),
}

/// What the section of that name may have.
pub(super) fn known(section: &str) -> Known {
    let is_it = |name: &str| match name {
        name if name.ends_with(':') || name.ends_with("_http_server") => section.starts_with(name),
        name => section == name,
    };
    let Some((name, lists)) = SECTIONS.iter().find(|(name, _)| is_it(name)) else {
        let kind = section.split_inclusive(':').next().unwrap_or_default().to_lowercase();
        return Known::Nothing(nearest(&kind, SECTIONS.iter().map(|(name, _)| *name)));
    };
    let Some(lists) = lists else { return Known::Anything };
    let mut options: Vec<String> = lists.iter().flat_map(|list| list.iter().map(|name| (*name).to_owned())).collect();
    if name.ends_with(':') && *name != "group:" {
        options.extend(rlimits());
    }
    Known::Options(options)
}

/// The name that is most like another, if one is.
pub(super) fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let most = name.chars().count().div_ceil(3);
    let near = names.map(|other| (distance(name, other), other)).min_by_key(|(distance, _)| *distance)?;
    (near.0 <= most).then_some(near.1)
}

/// How many characters have to be put in, left out or replaced (Levenshtein's distance).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, a) in a.chars().enumerate() {
        let mut left = i + 1;
        let mut next = vec![left];
        for (pair, b) in row.windows(2).zip(&b) {
            let [diagonal, above] = pair else { continue };
            left = (above + 1).min(left + 1).min(diagonal + usize::from(a != *b));
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (a, b, expected) in
            [("", "", 0), ("", "ab", 2), ("kitten", "sitting", 3), ("comand", "command", 1), ("ö", "o", 1)]
        {
            assert_eq!((distance(a, b), distance(b, a)), (expected, expected), "{a} {b}");
        }
    }

    #[test]
    fn the_nearest_name_is_near() {
        let Known::Options(options) = known("program:x") else { panic!() };
        let near = |name| nearest(name, options.iter().map(String::as_str));
        assert_eq!((near("comand"), near("autostrat")), (Some("command"), Some("autostart")));
        assert_eq!(
            (near("stdout_logfile_maxsize"), near("rlimit_files")),
            (Some("stdout_logfile_maxbytes"), Some("rlimit_fsize"))
        );
        assert_eq!((near("whatever"), near("x")), (None, None));
        assert!(matches!(known("programs:x"), Known::Nothing(Some("program:"))));
        assert!(matches!(known("Program:x"), Known::Nothing(Some("program:"))));
        assert!(matches!(known("watchdog"), Known::Nothing(None)));
        assert!(matches!(known("unix_http_server:a"), Known::Options(_)));
    }
}
