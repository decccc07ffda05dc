//! Where the server is and how the shell looks: the command line first, then `[supervisorctl]` of the configuration file.

use super::arguments::Options;
use crate::ini::{self, Ini, Names};
use crate::sys::Root;
use std::env;
use std::fs;
use std::path::{Component, Path, PathBuf};

const SECTION: &str = "supervisorctl";
const SERVERURL: &str = "http://localhost:9001";

/// How the client was told to work.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Settings {
    /// `unix://PATH` or `http://HOST:PORT`.
    pub(super) serverurl: String,
    pub(super) username: Option<String>,
    pub(super) password: Option<String>,
    /// What stands before the `> `.
    pub(super) prompt: String,
    pub(super) history_file: Option<PathBuf>,
    /// Whether to ask before what cannot be undone, and for a password.
    pub(super) interactive: bool,
}

/// What the file says.
#[derive(Debug, Default)]
struct Section {
    serverurl: Option<String>,
    username: Option<String>,
    password: Option<String>,
    prompt: Option<String>,
    history_file: Option<String>,
}

impl Settings {
    /// Reads the file that the options name, or the first of supervisord's places where there is one.
    pub(super) fn find(options: Options, program: &str) -> Result<Settings, String> {
        let file = options.configuration.map(PathBuf::from).or_else(|| default_file(program));
        let section = match file.filter(|file| !file.as_os_str().is_empty()) {
            // Who says where the server is needs no section that says it.
            Some(file) => Section::read(&file, options.serverurl.is_some())?,
            None => Section::default(),
        };
        let history_file = options.history_file.or(section.history_file).filter(|file| !file.is_empty());
        Ok(Settings {
            serverurl: options.serverurl.or(section.serverurl).unwrap_or_else(|| SERVERURL.to_owned()),
            username: options.username.or(section.username),
            password: options.password.or(section.password),
            prompt: section.prompt.unwrap_or_else(|| "supervisor".to_owned()),
            history_file: history_file.map(|file| normal(&file)),
            interactive: options.interactive || options.words.is_empty(),
        })
    }
}

impl Section {
    fn read(file: &Path, may_be_missing: bool) -> Result<Section, String> {
        let shown = file.display();
        if !file.exists() {
            return Err(format!("could not find config file {shown}"));
        }
        let bytes = fs::read(file).map_err(|_| format!("could not read config file {shown}"))?;
        let mut ini = Ini::new();
        ini.read(ini::decode(&bytes)?, &shown.to_string()).map_err(|error| error.to_string())?;
        if !ini.has_section(SECTION) {
            let missing = Err(".ini file does not include supervisorctl section".to_owned());
            return if may_be_missing { Ok(Section::default()) } else { missing };
        }
        let names = environment();
        let mut with_here = names.clone();
        let directory = normal(&shown.to_string()).parent().map(Path::to_path_buf).unwrap_or_default();
        with_here.text("here", directory.to_string_lossy());
        let get = |option: &str, names: &Names| {
            ini.get(SECTION, option).map(|value| ini::expand(value, names, &format!("{SECTION}.{option}"))).transpose()
        };
        let serverurl = get("serverurl", &with_here)?.map(|url| match url.strip_prefix("unix://") {
            Some(path) => format!("unix://{}", normal(path).display()),
            None => url,
        });
        let section = Section {
            serverurl,
            prompt: get("prompt", &names)?,
            username: get("username", &names)?,
            password: get("password", &names)?,
            history_file: get("history_file", &with_here)?,
        };
        plugins(&ini)?;
        Ok(section)
    }
}

/// A plugin of the original is a Python module.
fn plugins(ini: &Ini) -> Result<(), String> {
    const FACTORY: &str = "supervisor.ctl_factory";
    match ini.sections().find(|section| section.starts_with("ctlplugin:")) {
        None => Ok(()),
        Some(section) => Err(match ini.get(section, FACTORY) {
            None => format!("section [{section}] does not specify a {FACTORY}"),
            Some(factory) => format!("{factory} cannot be resolved within [{section}]"),
        }),
    }
}

/// `ENV_HOME` and so on.
fn environment() -> Names {
    let mut names = Names::new();
    for (name, value) in env::vars_os() {
        names.text(format!("ENV_{}", name.to_string_lossy()), value.to_string_lossy());
    }
    names
}

/// The program's path, as a script's is: found on the search path where it was called by its name alone.
pub(super) fn program(called: &str) -> String {
    let path = env::var_os("PATH").filter(|_| !called.contains('/')).unwrap_or_default();
    let mut candidates = env::split_paths(&path).map(|directory| directory.join(called));
    candidates.find(|path| path.is_file()).map_or_else(|| called.to_owned(), |path| path.to_string_lossy().into_owned())
}

/// supervisord's places for its configuration.
fn default_file(program: &str) -> Option<PathBuf> {
    let prefix = Path::new(program).parent().and_then(Path::parent).unwrap_or(Path::new(""));
    let places = [
        prefix.join("etc/supervisord.conf"),
        prefix.join("supervisord.conf"),
        PathBuf::from("supervisord.conf"),
        PathBuf::from("etc/supervisord.conf"),
        PathBuf::from("/etc/supervisord.conf"),
        PathBuf::from("/etc/supervisor/supervisord.conf"),
    ];
    places.into_iter().find(|place| place.exists())
}

/// An absolute path without `~`, `.` and `..`, as written: links are not followed.
fn normal(path: &str) -> PathBuf {
    let path = expand_user(path);
    let absolute = env::current_dir().unwrap_or_default().join(path);
    let mut normal = PathBuf::new();
    for part in absolute.components() {
        match part {
            Component::ParentDir => _ = normal.pop(),
            Component::CurDir => {}
            part => normal.push(part),
        }
    }
    normal
}

/// `~` and `~user` at the beginning.
fn expand_user(path: &str) -> PathBuf {
    let Some(rest) = path.strip_prefix('~') else { return PathBuf::from(path) };
    let (user, below) = rest.split_once('/').unwrap_or((rest, ""));
    let home = if user.is_empty() { env::var_os("HOME").map(PathBuf::from) } else { home_of(user) };
    home.map_or_else(|| PathBuf::from(path), |home| home.join(below))
}

fn home_of(user: &str) -> Option<PathBuf> {
    let bytes = Root::host().read(Path::new("etc/passwd")).ok()?;
    let users = String::from_utf8_lossy(&bytes).into_owned();
    let fields = users.lines().map(|line| line.split(':').collect::<Vec<_>>());
    let mut homes = fields.filter(|fields| fields.first() == Some(&user)).filter_map(|fields| fields.get(5).copied());
    homes.next().map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_made_absolute_as_written() {
        assert_eq!(normal("/a/./b/../../c//d/"), Path::new("/c/d"));
        assert_eq!(normal("/.."), Path::new("/"));
        assert_eq!(normal("x/.."), env::current_dir().unwrap());
        assert_eq!(normal("~no such user/x"), env::current_dir().unwrap().join("~no such user/x"));
    }
}
