//! Configuration files and command lines, read by the real supervisor and by ours: every value of what comes out, or every byte of
//! what is said against it. `config/*.conf` hold the cases: a line `=== NAME`, lines `$ NAME=VALUE` for the environment and
//! `> WORD...` for the command line (else `-c supervisord.conf`), `! ours says more` where our message goes on, and the files, each
//! behind a line `--- PATH` (a directory where it ends in a slash); what is behind none is supervisord.conf.

use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use vat::init::arguments::{self, Request};
use vat::init::config::{
    Address, Channel, Config, Daemon, Group, Kind, Level, LogFile, Process, Server, SocketAddress, Surroundings, User,
};

/// What the program calls itself in all cases.
const PROGRAM: &str = "/opt/vat/bin/supervisord";

struct Case {
    name: String,
    directory: PathBuf,
    environment: Vec<(String, String)>,
    arguments: Vec<String>,
    says_more: bool,
}

#[test]
fn the_same_is_understood() {
    let Some(theirs) = std::env::var_os("VAT_SUPERVISOR") else {
        return super::skip("VAT_SUPERVISOR does not say where supervisor's virtual environment is");
    };
    let work = std::env::temp_dir().join(format!("vat-config-{}", std::process::id()));
    let cases = cases(&work, &Path::new(&theirs).join("bin/echo_supervisord_conf"));
    let answers = ask_theirs(&Path::new(&theirs).join("bin/python"), &cases);
    assert_eq!(answers.len(), cases.len());
    let mut failures = Vec::new();
    for (case, theirs) in cases.iter().zip(&answers) {
        let ours = ask_ours(case);
        let is_same = match (&ours["stderr"], &theirs["stderr"]) {
            (Value::String(ours), Value::String(theirs)) if case.says_more => {
                ours.starts_with(theirs.lines().next().unwrap())
            }
            _ => ours == *theirs,
        };
        if !is_same {
            failures.push(format!("{}:{}", case.name, differences(&ours, theirs, "")));
        }
    }
    fs::remove_dir_all(&work).unwrap();
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), cases.len(), failures.join("\n"));
    let told = |what: &str| answers.iter().filter(|answer| answer.get(what).is_some()).count();
    println!(
        "{} cases: {} understood, {} refused or answered, {} tracebacks",
        cases.len(),
        told("daemon"),
        told("stderr"),
        told("exception")
    );
}

/// The places where the two are not the same, a line each.
fn differences(ours: &Value, theirs: &Value, at: &str) -> String {
    match (ours, theirs) {
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => a
            .iter()
            .filter(|(key, it)| b[*key] != **it)
            .map(|(key, it)| differences(it, &b[key], &format!("{at}.{key}")))
            .collect(),
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            let pairs = a.iter().zip(b).enumerate().filter(|(_, (a, b))| a != b);
            pairs.map(|(i, (a, b))| differences(a, b, &format!("{at}[{i}]"))).collect()
        }
        _ => format!("\n  {at}\n    ours:   {ours}\n    theirs: {theirs}"),
    }
}

fn cases(work: &Path, sample: &Path) -> Vec<Case> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/config");
    let mut files: Vec<PathBuf> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "conf"));
    files.sort();
    let mut cases: Vec<Case> = files.iter().flat_map(|file| cases_of(file, work)).collect();
    let sample = Command::new(sample).output().unwrap();
    cases.push(case("sample", "", work));
    fs::write(cases.last().unwrap().directory.join("supervisord.conf"), sample.stdout).unwrap();
    cases
}

fn cases_of(file: &Path, work: &Path) -> Vec<Case> {
    let text = fs::read_to_string(file).unwrap();
    let stem = file.file_stem().unwrap().to_str().unwrap();
    let cases = text.split("=== ").skip(1).map(|text| {
        let (name, rest) = text.split_once('\n').unwrap();
        case(&format!("{stem}, {name}"), rest, work)
    });
    cases.collect()
}

/// Writes the files of a case.
fn case(name: &str, text: &str, work: &Path) -> Case {
    let directory = work.join(name.replace(|c: char| !c.is_alphanumeric(), "_"));
    assert!(!directory.exists(), "{name} is there twice");
    fs::create_dir_all(&directory).unwrap();
    let mut case = Case {
        name: name.to_owned(),
        directory: fs::canonicalize(directory).unwrap(),
        environment: vec![("PATH".to_owned(), "/bin".to_owned())],
        arguments: ["-c", "supervisord.conf"].map(str::to_owned).to_vec(),
        says_more: false,
    };
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next_if(|line| line.starts_with(['$', '>', '!'])) {
        let rest = line[1..].trim_start();
        match &line[..1] {
            "$" => case
                .environment
                .push(rest.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned())).unwrap()),
            ">" => case.arguments = rest.split_whitespace().map(|word| word.replace("''", "")).collect(),
            _ => case.says_more = true,
        }
    }
    let rest: String = lines.map(|line| format!("{line}\n")).collect();
    let rest = if rest.starts_with("--- ") { rest } else { format!("--- supervisord.conf\n{rest}") };
    for file in format!("\n{rest}").split("\n--- ").skip(1) {
        let (path, text) = file.split_once('\n').unwrap_or((file, ""));
        let path = case.directory.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        match path.to_str().unwrap().ends_with('/') {
            true => fs::create_dir_all(path).unwrap(),
            // Bytes that are no text, and carriage returns, as `\xNN` in angle brackets.
            false => fs::write(path, bytes(&format!("{text}\n"))).unwrap(),
        }
    }
    case
}

/// `<\xff>` is that byte.
fn bytes(text: &str) -> Vec<u8> {
    let mut parts = text.split("<\\x");
    let mut bytes = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
        bytes.extend(part[2..].strip_prefix('>').unwrap().as_bytes());
    }
    bytes
}

fn ask_theirs(python: &Path, cases: &[Case]) -> Vec<Value> {
    let asked: Vec<Value> = cases
        .iter()
        .map(|case| {
            json!({
                "directory": case.directory.to_str().unwrap(),
                "program": PROGRAM,
                "environment": case.environment,
                "arguments": case.arguments,
            })
        })
        .collect();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/config/dump.py");
    let mut child = Command::new(python)
        .arg("-W")
        .arg("ignore")
        .arg(script)
        .env("PYTHONUTF8", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(Value::from(asked).to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

fn ask_ours(case: &Case) -> Value {
    let surroundings = Surroundings {
        environment: case.environment.clone(),
        directory: case.directory.to_str().unwrap().to_owned(),
        ..Surroundings::live()
    };
    let end = |code: u8, out: &str, error: &str| json!({"code": code, "stdout": out, "stderr": error});
    let fail = |error: &str| end(2, "", &arguments::usage(PROGRAM, error));
    match arguments::parse(PROGRAM, &case.arguments, &surroundings) {
        // The words of the usage text are our own.
        Ok(Request::Help) => end(0, "usage\n", ""),
        Ok(Request::Version) => end(0, &arguments::version(PROGRAM), ""),
        Err(error) => fail(&error),
        Ok(Request::Run(given) | Request::Check(given)) => match Config::read(&given, &surroundings) {
            Ok(config) => dump(&config, given.configuration.is_none() && surroundings.uid == 0),
            Err(error) => fail(&error.to_string()),
        },
    }
}

fn dump(config: &Config, was_searched: bool) -> Value {
    let warning = vat::init::config::SEARCHED_AS_ROOT.strip_prefix("UserWarning: ").unwrap();
    json!({
        "daemon": daemon(config, &config.daemon),
        "servers": config.servers.iter().map(server).collect::<Vec<_>>(),
        "has_rpc_interface": config.has_rpc_interface,
        "groups": config.groups.iter().map(group).collect::<Vec<_>>(),
        "notes": config.notes.iter().map(|(_, text)| text).collect::<Vec<_>>(),
        "warnings": if was_searched { vec![warning] } else { vec![] },
    })
}

fn daemon(config: &Config, it: &Daemon) -> Value {
    let level = match it.loglevel {
        Level::Blather => 3,
        Level::Trace => 5,
        Level::Debug => 10,
        Level::Info => 20,
        Level::Warn => 30,
        Level::Error => 40,
        Level::Critical => 50,
    };
    json!({
        "logfile": if it.syslog { json!("syslog") } else { logfile(&it.logfile) },
        "loglevel": level,
        "pidfile": it.pidfile,
        "directory": it.directory,
        "identifier": it.identifier,
        "childlogdir": it.childlogdir,
        "uid": it.user.as_ref().map(|user| user.uid),
        "gid": it.user.as_ref().map(|user| user.gid),
        "serverurl": config.server_url(),
        "logfile_maxbytes": it.logfile_maxbytes,
        "logfile_backups": it.logfile_backups,
        "minfds": it.minfds,
        "minprocs": it.minprocs,
        "nodaemon": it.nodaemon,
        "silent": it.silent,
        "nocleanup": it.nocleanup,
        "strip_ansi": it.strip_ansi,
        "umask": it.umask,
        "environment": dict(&it.environment),
    })
}

fn dict(pairs: &[(String, String)]) -> Value {
    pairs
        .iter()
        .map(|(name, value)| (name.clone(), Value::from(value.clone())))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn logfile(it: &LogFile) -> Value {
    match it {
        LogFile::Auto => json!("auto"),
        LogFile::None => Value::Null,
        LogFile::Path(path) => json!(path),
    }
}

fn owner(it: Option<&(User, u32)>) -> Value {
    it.map_or(Value::Null, |(user, group)| json!([user.uid, group]))
}

fn server(it: &Server) -> Value {
    let login = it.login.as_ref().map(|(username, password)| json!([username, password]));
    match &it.address {
        Address::Unix { path, mode, owner: of } => {
            json!({"section": it.section, "login": login, "file": path, "mode": mode, "owner": owner(of.as_ref())})
        }
        Address::Inet { host, port } => json!({"section": it.section, "login": login, "host": host, "port": port}),
    }
}

fn group(it: &Group) -> Value {
    let processes: Vec<Value> = it.processes.iter().map(process).collect();
    let mut dumped = json!({"name": it.name, "priority": it.priority, "processes": processes});
    match &it.kind {
        Kind::Programs => (),
        Kind::Listeners { events, buffer_size } => {
            dumped["events"] = json!(events);
            dumped["buffer_size"] = json!(buffer_size);
        }
        Kind::Fcgi(fcgi) => {
            let (url, is_unix) = match &fcgi.address {
                SocketAddress::Unix(path) => (format!("unix://{}", path.display()), true),
                SocketAddress::Tcp(host, port) => (format!("tcp://{host}:{port}"), false),
            };
            dumped["socket"] = json!({"url": url, "backlog": fcgi.backlog});
            if is_unix {
                dumped["socket"]["owner"] = owner(fcgi.owner.as_ref());
                dumped["socket"]["mode"] = json!(fcgi.mode);
            }
        }
    }
    dumped
}

fn process(it: &Process) -> Value {
    json!({
        "name": it.name,
        "command": it.command,
        "directory": it.directory,
        "umask": it.umask,
        "priority": it.priority,
        "autostart": it.autostart,
        "autorestart": format!("{:?}", it.autorestart),
        "startsecs": it.startsecs,
        "startretries": it.startretries,
        "uid": it.user.as_ref().map(|user| user.uid),
        "stdout": channel(&it.stdout),
        "stderr": channel(&it.stderr),
        "stopsignal": it.stopsignal,
        "stopwaitsecs": it.stopwaitsecs,
        "stopasgroup": it.stopasgroup,
        "killasgroup": it.killasgroup,
        "exitcodes": it.exitcodes,
        "redirect_stderr": it.redirect_stderr,
        "environment": dict(&it.environment),
        "serverurl": it.serverurl,
    })
}

fn channel(it: &Channel) -> Value {
    json!({
        "logfile": logfile(&it.logfile),
        "maxbytes": it.maxbytes,
        "backups": it.backups,
        "capture_maxbytes": it.capture_maxbytes,
        "events_enabled": it.events_enabled,
        "syslog": it.syslog,
    })
}
