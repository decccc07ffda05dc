//! `[supervisord]`, and what the command line says instead.

use super::options::Options;
use super::{Daemon, Group, Level, LogFile, LogFormat, Surroundings, dependency, duration, number};
use crate::ini::{self, Names, value};
use crate::init::arguments::Arguments;

/// The options of `[supervisord]`. `user` is left out: supervisord looks at it last.
pub(super) fn daemon(
    options: &Options<'_>,
    arguments: &Arguments,
    surroundings: &Surroundings,
) -> Result<Daemon, String> {
    let existing_directory = |path: &str| surroundings.existing_directory(path);
    let existing_dirpath = |path: &str| surroundings.existing_dirpath(path);
    let level = |text: &str| value::logging_level(text).map(Level::of_number);
    let size = |text: &str| value::byte_size(text).map(number::size);
    let count = |text: &str| value::integer(text).map(number::size);

    let minfds = options.take("minfds", 1024, count)?;
    let minprocs = options.take("minprocs", 200, count)?;
    let directory = options.find("directory", existing_directory)?;
    options.get("user")?;
    let umask = options.take("umask", 0o22, |text| value::octal_type(text).map(number::mode))?;
    let logfile = options.take("logfile", "supervisord.log".to_owned(), existing_dirpath)?;
    let logfile_maxbytes = options.take("logfile_maxbytes", 50 << 20, size)?;
    let logfile_backups = options.take("logfile_backups", 10, |text| value::integer(text).map(number::count))?;
    let loglevel = options.take("loglevel", Level::Info, level)?;
    let pidfile = options.take("pidfile", "supervisord.pid".to_owned(), existing_dirpath)?;
    let identifier = options.get("identifier")?.unwrap_or_else(|| "supervisor".to_owned());
    let nodaemon = options.take("nodaemon", false, value::boolean)?;
    let silent = options.take("silent", false, value::boolean)?;
    let childlogdir = options.take("childlogdir", surroundings.temporary_directory(), existing_directory)?;
    let nocleanup = options.take("nocleanup", false, value::boolean)?;
    let strip_ansi = options.take("strip_ansi", false, value::boolean)?;
    let environment = environment(options, surroundings)?;

    // An empty path on the command line is none.
    let given = |path: &Option<String>| path.clone().filter(|path| !path.is_empty());
    let logfile = given(&arguments.logfile).unwrap_or(logfile);
    let syslog = logfile == "syslog";
    let pidfile = given(&arguments.pidfile).unwrap_or(pidfile);
    let mut daemon = Daemon {
        logfile: if syslog { LogFile::None } else { LogFile::Path(surroundings.normalize_path(&logfile).into()) },
        syslog,
        logfile_maxbytes: arguments.logfile_maxbytes.unwrap_or(logfile_maxbytes),
        logfile_backups: arguments.logfile_backups.unwrap_or(logfile_backups),
        loglevel: arguments.loglevel.unwrap_or(loglevel),
        pidfile: surroundings.normalize_path(&pidfile).into(),
        umask: arguments.umask.unwrap_or(umask),
        directory: arguments.directory.clone().or(directory).map(Into::into),
        nodaemon: arguments.nodaemon || nodaemon,
        silent: arguments.silent || silent,
        minfds: arguments.minfds.unwrap_or(minfds),
        minprocs: arguments.minprocs.unwrap_or(minprocs),
        nocleanup: arguments.nocleanup || nocleanup,
        childlogdir: arguments.childlogdir.clone().unwrap_or(childlogdir).into(),
        user: None,
        identifier: arguments.identifier.clone().unwrap_or(identifier),
        environment,
        strip_ansi: arguments.strip_ansi || strip_ansi,
        shutdown_timeout: None,
        exit_code_from: None,
        log_format: LogFormat::Text,
        journal: None,
        state_file: None,
        loadavg: true,
        pids_high: 85,
        second_signal_kills: false,
    };
    additions(&mut daemon, options, surroundings)
        .map_err(|error| format!("{error} in section {}", ini::repr(options.section)))?;
    Ok(daemon)
}

/// supervisord 4.3.0 expands its environment twice, the second time with the machine's name.
fn environment(options: &Options<'_>, surroundings: &Surroundings) -> Result<Vec<(String, String)>, String> {
    let mut names = Names::new();
    names.text("host_node_name", &surroundings.host);
    names.extend(&options.names);
    ini::pairs(&ini::expand(&options.get("environment")?.unwrap_or_default(), &names, "environment")?)
}

/// What is not in supervisor.
fn additions(daemon: &mut Daemon, options: &Options<'_>, surroundings: &Surroundings) -> Result<(), String> {
    let path = |path: &str| surroundings.existing_dirpath(path).map(|path| surroundings.normalize_path(&path).into());
    daemon.shutdown_timeout = options.find("shutdown_timeout", duration::duration)?;
    daemon.exit_code_from = options.get("exit_code_from")?.map(|name| name.trim().to_owned());
    daemon.log_format =
        options.choose("log_format", &[("text", LogFormat::Text), ("json", LogFormat::Json)])?.unwrap_or_default();
    daemon.journal = options.find("journal", path)?;
    daemon.state_file = options.find("state_file", path)?;
    daemon.loadavg = options.take("loadavg", true, value::boolean)?;
    daemon.pids_high = options.take("pids_high", 85, |text| match value::integer(text)? {
        percent @ 0..=100 => Ok(u8::try_from(percent).unwrap_or(100)),
        percent => Err(format!("pids_high={percent} is not a percentage")),
    })?;
    daemon.second_signal_kills =
        options.choose("second_signal", &[("kill", true), ("ignore", false)])?.unwrap_or(false);
    Ok(())
}

/// `exit_code_from` has to mean one process.
pub(super) fn check_exit_code_from(name: &str, groups: &[Group]) -> Result<(), String> {
    match dependency::members(groups, name).map_or(0, |members| members.len()) {
        1 => Ok(()),
        0 => Err(format!("exit_code_from names unknown process {name} in section 'supervisord'")),
        count => Err(format!("exit_code_from={name} means {count} processes in section 'supervisord'")),
    }
}
