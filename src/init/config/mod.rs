//! What supervisord.conf says, as data.

mod account;
mod addition;
mod change;
pub mod check;
mod daemon;
pub mod dependency;
mod difference;
mod duration;
mod group;
mod http;
pub(crate) mod number;
mod options;
mod path;
mod process;
mod program;
mod server;
mod source;
mod supervisord;
mod surroundings;
#[cfg(test)]
pub(super) mod tests;

pub use change::{Change, What, changes};
pub use daemon::{Daemon, Level, LogFormat};
pub use difference::{Difference, ProcessDifference, difference, process_difference, with_live_options};
pub use program::{
    Autorestart, Channel, Essential, Fcgi, Group, Health, HealthAction, Hooks, Kill, Kind, Limits, LineFormat, LogFile,
    Process, Ready, Restart, Rlimit, Rotate, SocketAddress, User,
};
pub use server::{Address, Server};
pub use surroundings::{Files, Surroundings};

use super::arguments::Arguments;
use crate::ini::{Ini, Names};
use options::Options;
use process::Reader;
use source::Source;
use std::fmt;
use std::path::PathBuf;

/// A whole configuration.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// `[supervisord]`.
    pub daemon: Daemon,
    /// `[unix_http_server]` and `[inet_http_server]`, in the order in which they are opened.
    pub servers: Vec<Server>,
    /// Whether there is `[rpcinterface:supervisor]`: without it there are no methods `supervisor.*`.
    pub has_rpc_interface: bool,
    /// All groups, by (priority, name).
    pub groups: Vec<Group>,
    /// What the main log hears of the reading: included files, patterns without a match.
    pub notes: Vec<(Level, String)>,
    /// The files that were read, the main one first.
    pub files: Vec<PathBuf>,
}

/// What is wrong with a configuration, in the original's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(pub String);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

/// What Python prints as a warning when root lets supervisord search its configuration.
pub const SEARCHED_AS_ROOT: &str = "UserWarning: Supervisord is running as root and it is searching for its configuration file in \
    default locations (including its current working directory); you probably want to specify a \"-c\" argument specifying an \
    absolute path to a configuration file for improved security.";

/// The one factory that `[rpcinterface:x]` may name.
const RPC_INTERFACE: &str = "supervisor.rpcinterface:make_main_rpcinterface";

impl Config {
    /// The configuration file: that of `-c`, or the first of supervisord's search path that is there.
    ///
    /// # Errors
    /// When none is.
    pub fn find(arguments: &Arguments, surroundings: &Surroundings) -> Result<String, Error> {
        if let Some(name) = &arguments.configuration {
            return Ok(name.clone());
        }
        let above = path::directory(path::directory(&arguments.program));
        let paths = [
            path::join(&path::join(above, "etc"), "supervisord.conf"),
            path::join(above, "supervisord.conf"),
            "supervisord.conf".to_owned(),
            "etc/supervisord.conf".to_owned(),
            "/etc/supervisord.conf".to_owned(),
            "/etc/supervisor/supervisord.conf".to_owned(),
        ];
        let found = paths.iter().find(|path| surroundings.files.exists(&surroundings.at(path)));
        found.cloned().ok_or_else(|| {
            let paths = paths.join(", ");
            Error(format!(
                "No config file found at default paths ({paths}); use the -c option to specify a config file at a different path"
            ))
        })
    }

    /// Reads the file that the command line names or supervisord would find, and what it includes.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(arguments: &Arguments, surroundings: &Surroundings) -> Result<Config, Error> {
        let name = Config::find(arguments, surroundings)?;
        let environment = environment_names(&surroundings.environment);
        let source = Source::read(&name, &environment, surroundings).map_err(Error)?;
        Config::of_source(&source, environment, arguments, surroundings).map_err(Error)
    }

    fn of_source(
        source: &Source,
        mut environment: Names,
        arguments: &Arguments,
        surroundings: &Surroundings,
    ) -> Result<Config, String> {
        let Source { ini, here, files, notes } = source;
        let mut notes = notes.clone();
        if !ini.has_section("supervisord") {
            return Err(".ini file does not include supervisord section".to_owned());
        }
        let mut names = environment.clone();
        names.text("here", here);
        let options = Options { ini, section: "supervisord", names };
        let mut daemon = supervisord::daemon(&options, arguments, surroundings)?;
        environment.extend(&environment_names(&daemon.environment));
        let has_rpc_interface = has_rpc_interface(ini, &environment)?;
        let reader = Reader { ini, here, environment: &environment, inherited: &daemon.environment, surroundings };
        let groups = reader.groups(&mut notes)?;
        let servers = http::servers(ini, here, &environment, surroundings)?;
        let in_section = |program: &str, what: &str| {
            let kinds = ["program", "eventlistener", "fcgi-program"].iter().map(|kind| format!("{kind}:{program}"));
            let section = kinds.into_iter().find(|section| ini.has_section(section)).unwrap_or_default();
            reader.in_section(what, &section)
        };
        dependency::check(&groups).map_err(|wrong| in_section(&wrong.program, &wrong.what))?;
        if let Some(name) = &daemon.exit_code_from {
            supervisord::check_exit_code_from(name, &groups)?;
        }
        let user = arguments.user.clone().map_or_else(|| options.get("user"), |user| Ok(Some(user)))?;
        daemon.user = user.map(|user| account::user(&user, surroundings)).transpose()?;
        // The original tells all warnings before all that is for information.
        notes.sort_by_key(|(level, _)| std::cmp::Reverse(*level));
        Ok(Config { daemon, servers, has_rpc_interface, groups, notes, files: files.clone() })
    }

    /// Where children reach the daemon: the first unix socket, else the first port.
    #[must_use]
    pub fn server_url(&self) -> Option<String> {
        let unix = self.servers.iter().find_map(|server| match &server.address {
            Address::Unix { path, .. } => Some(format!("unix://{}", path.display())),
            Address::Inet { .. } => None,
        });
        let inet = self.servers.iter().find_map(|server| match &server.address {
            Address::Inet { host, port } if host.is_empty() => Some(format!("http://localhost:{port}")),
            Address::Inet { host, port } => Some(format!("http://{host}:{port}")),
            Address::Unix { .. } => None,
        });
        unix.or(inet)
    }
}

/// The names `ENV_x`.
fn environment_names(variables: &[(String, String)]) -> Names {
    let mut names = Names::new();
    for (name, value) in variables {
        names.text(format!("ENV_{name}"), value);
    }
    names
}

/// Looks at all `[rpcinterface:x]`, and whether there is `[rpcinterface:supervisor]`.
fn has_rpc_interface(ini: &Ini, environment: &Names) -> Result<bool, String> {
    let factory_option = "supervisor.rpcinterface_factory";
    for section in ini.sections().filter(|section| section.starts_with("rpcinterface:")) {
        let options = Options { ini, section, names: environment.clone() };
        let factory = options.get(factory_option)?;
        let factory = factory.ok_or_else(|| format!("section [{section}] does not specify a {factory_option}"))?;
        if factory != RPC_INTERFACE {
            return Err(format!("{factory} cannot be resolved within [{section}]: only {RPC_INTERFACE} is known"));
        }
        for (option, _) in ini.options(section) {
            options.get(option)?;
        }
    }
    Ok(ini.has_section("rpcinterface:supervisor"))
}
