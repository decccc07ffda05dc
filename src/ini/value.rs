//! The types of options: supervisor's datatypes.py, as far as text alone can tell. What is wrong is told in the original's words.

use super::int::int;
use super::repr;
use super::text::{is_space, strip};

/// When a process that ended is started again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are supervisor's")]
pub enum Autorestart {
    Never,
    Unexpected,
    Always,
}

/// Where a log goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogfileName {
    /// `NONE` or `off`.
    None,
    /// `AUTO`.
    Auto,
    /// `syslog`, which is deprecated.
    Syslog,
    /// A path as it was written: `~` is not expanded.
    Path(String),
}

/// The socket of an fcgi-program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FcgiSocket {
    /// `unix://`: an absolute path, not yet normalized.
    Unix(String),
    /// `tcp://`: a host in lower case, and a port.
    Tcp(String, u16),
}

/// A user or group as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Account {
    /// By its number.
    Id(i64),
    /// By its name.
    Name(String),
}

/// A name of a process or group: nothing that the event protocol or the web pages' addresses need for themselves.
pub fn process_or_group_name(name: &str) -> Result<String, String> {
    let stripped = strip(name);
    match [' ', ':', '/'].into_iter().find(|c| stripped.contains(*c)) {
        Some(c) => Err(format!("Invalid name: {} because of character: '{c}'", repr(name))),
        None => Ok(stripped.to_owned()),
    }
}

/// A whole number.
pub fn integer(value: &str) -> Result<i64, String> {
    int(value, 10).ok_or_else(|| {
        let shown: String = repr(value).chars().take(200).collect();
        format!("invalid literal for int() with base 10: {shown}")
    })
}

fn truth(value: &str) -> Option<bool> {
    match value.to_lowercase().as_str() {
        "yes" | "true" | "on" | "1" => Some(true),
        "no" | "false" | "off" | "0" => Some(false),
        _ => None,
    }
}

/// Yes or no.
pub fn boolean(value: &str) -> Result<bool, String> {
    truth(value).ok_or_else(|| format!("not a valid boolean value: {}", repr(value)))
}

/// Texts between commas; none in an empty text.
pub fn list_of_strings(value: &str) -> Vec<String> {
    match value {
        "" => Vec::new(),
        value => value.split(',').map(|item| strip(item).to_owned()).collect(),
    }
}

/// Numbers between commas; none in an empty text.
pub fn list_of_ints(value: &str) -> Result<Vec<i64>, String> {
    match value {
        "" => Ok(Vec::new()),
        value => {
            let items: Option<Vec<i64>> = value.split(',').map(|item| int(item, 10)).collect();
            items.ok_or_else(|| format!("not a valid list of ints: {}", repr(value)))
        }
    }
}

/// Exit codes between commas, each from 0 to 255.
pub fn list_of_exitcodes(value: &str) -> Result<Vec<i64>, String> {
    list_of_ints(value)
        .ok()
        .filter(|codes| codes.iter().all(|code| (0..=255).contains(code)))
        .ok_or_else(|| format!("not a valid list of exit codes: {}", repr(value)))
}

/// `NONE`, `AUTO`, `syslog` or a path. Whether its directory is there is not looked at.
pub fn logfile_name(value: &str) -> LogfileName {
    match value.to_lowercase().as_str() {
        "none" | "off" => LogfileName::None,
        "auto" => LogfileName::Auto,
        "syslog" => LogfileName::Syslog,
        _ => LogfileName::Path(value.to_owned()),
    }
}

/// A port, from 1.
pub fn port_number(value: &str) -> Result<u16, String> {
    match integer(value)? {
        port if port < 1 => Err(format!("{port} is below lower bound (1)")),
        port => u16::try_from(port).map_err(|_| format!("{port} is above upper bound (65535)")),
    }
}

/// `host:port`, `*:port` or `port`: a host in lower case, empty for any, and a port.
pub fn inet_address(value: &str) -> Result<(String, u16), String> {
    match value.rsplit_once(':') {
        Some((_, "")) => Err("no port number specified in ''".to_owned()),
        Some((host, port)) => {
            let port = port_number(port)?;
            let host = if host == "*" { String::new() } else { host.to_lowercase() };
            Ok((host, port))
        }
        None => match port_number(value) {
            Ok(port) => Ok((String::new(), port)),
            Err(_) => Err(format!("not a valid port number: {} ", repr(value))),
        },
    }
}

/// `unix:///path` or `tcp://host:port`. That `socket_owner` and `socket_mode` are for `unix://` only is found out between the two,
/// before anything is said about what is not `unix://`.
pub fn fcgi_socket(value: &str) -> Result<FcgiSocket, String> {
    if let Some(path) = value.strip_prefix("unix://") {
        return match path.starts_with('/') {
            true => Ok(FcgiSocket::Unix(path.to_owned())),
            false => Err(format!("('Unix socket path %s is not an absolute path', {})", repr(path))),
        };
    }
    let parts = value.strip_prefix("tcp://").and_then(|rest| rest.split_once(':')).filter(|(host, port)| {
        let is_host = !host.is_empty() && !host.contains(is_space);
        is_host && !port.is_empty() && port.chars().all(|c| c.is_ascii_digit())
    });
    match parts {
        Some((host, port)) => Ok(FcgiSocket::Tcp(host.to_lowercase(), port_number(port)?)),
        None => Err(format!("('Bad socket format %s', {})", repr(value))),
    }
}

/// `user` or `user:group`.
pub fn colon_separated_user_group(value: &str) -> (Account, Option<Account>) {
    match value.split_once(':') {
        Some((user, group)) => (account(user), Some(account(group))),
        None => (account(value), None),
    }
}

/// A user or a group: what reads as a number is one.
pub fn account(value: &str) -> Account {
    int(value, 10).map_or_else(|| Account::Name(value.to_owned()), Account::Id)
}

/// A number in base 8.
pub fn octal_type(value: &str) -> Result<i64, String> {
    int(value, 8).ok_or_else(|| format!("{value} can not be converted to an octal type"))
}

/// The number of a level of the main log: 50 for `critical` down to 3 for `blather`.
pub fn logging_level(value: &str) -> Result<u8, String> {
    match value.to_lowercase().as_str() {
        "critical" => Ok(50),
        "error" => Ok(40),
        "warn" => Ok(30),
        "info" => Ok(20),
        "debug" => Ok(10),
        "trace" => Ok(5),
        "blather" => Ok(3),
        _ => Err(format!("bad logging level name {}", repr(value))),
    }
}

/// Bytes: a number, or one with the suffix `KB`, `MB` or `GB`. Nothing forbids one below 0.
pub fn byte_size(value: &str) -> Result<i64, String> {
    let value = value.to_lowercase();
    for (suffix, factor) in [("kb", 1 << 10), ("mb", 1 << 20), ("gb", 1 << 30)] {
        if let Some(number) = value.strip_suffix(suffix) {
            return Ok(integer(number)?.saturating_mul(factor));
        }
    }
    integer(&value)
}

/// Something with a scheme, and a host or path behind it: `urllib.parse.urlparse`, as far as it may fail.
pub fn url(value: &str) -> Result<String, String> {
    let text: String = value.trim_start_matches(|c| c <= ' ').replace(['\t', '\r', '\n'], "");
    let is_scheme = |scheme: &&str| {
        let is_letter = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
        scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(is_letter)
    };
    let is_url = text.split_once(':').filter(|(scheme, _)| is_scheme(scheme)).is_some_and(|(_, rest)| {
        let rest = match rest.strip_prefix("//") {
            Some(rest) if !rest.starts_with(['/', '?', '#']) => return !rest.is_empty(),
            Some(rest) => rest,
            None => rest,
        };
        !rest.is_empty() && !rest.starts_with(['?', '#'])
    });
    if is_url { Ok(value.to_owned()) } else { Err(format!("value {} is not a URL", repr(value))) }
}

/// Linux's signals as Python's module `signal` names them. Supervisor takes the module's other names that begin so for signals as
/// well.
const SIGNALS: [(&str, i32); 41] = [
    ("HUP", 1),
    ("INT", 2),
    ("QUIT", 3),
    ("ILL", 4),
    ("TRAP", 5),
    ("ABRT", 6),
    ("IOT", 6),
    ("BUS", 7),
    ("FPE", 8),
    ("KILL", 9),
    ("USR1", 10),
    ("SEGV", 11),
    ("USR2", 12),
    ("PIPE", 13),
    ("ALRM", 14),
    ("TERM", 15),
    ("STKFLT", 16),
    ("CHLD", 17),
    ("CLD", 17),
    ("CONT", 18),
    ("STOP", 19),
    ("TSTP", 20),
    ("TTIN", 21),
    ("TTOU", 22),
    ("URG", 23),
    ("XCPU", 24),
    ("XFSZ", 25),
    ("VTALRM", 26),
    ("PROF", 27),
    ("WINCH", 28),
    ("IO", 29),
    ("POLL", 29),
    ("PWR", 30),
    ("SYS", 31),
    ("RTMIN", 34),
    ("RTMAX", 64),
    ("_BLOCK", 0),
    ("_DFL", 0),
    ("_IGN", 1),
    ("_UNBLOCK", 1),
    ("_SETMASK", 2),
];

/// A signal by its number or its name, with or without `SIG`, in any case.
pub fn signal_number(value: &str) -> Result<i32, String> {
    if let Some(number) = int(value, 10) {
        let signal = SIGNALS.iter().find(|(_, signal)| i64::from(*signal) == number);
        return signal
            .map(|(_, signal)| *signal)
            .ok_or_else(|| format!("value {} is not a valid signal number", repr(value)));
    }
    let upper = strip(value).to_uppercase();
    let name = upper.strip_prefix("SIG").unwrap_or(&upper);
    let signal = SIGNALS.iter().find(|(known, _)| *known == name);
    signal.map(|(_, signal)| *signal).ok_or_else(|| format!("value {} is not a valid signal name", repr(value)))
}

/// Yes, no or `unexpected`.
pub fn auto_restart(value: &str) -> Result<Autorestart, String> {
    let lower = value.to_lowercase();
    match truth(&lower) {
        Some(true) => Ok(Autorestart::Always),
        Some(false) => Ok(Autorestart::Never),
        None if lower == "unexpected" => Ok(Autorestart::Unexpected),
        None => Err(format!("invalid 'autorestart' value {}", repr(&lower))),
    }
}
