//! Groups: those of `[group:x]`, and one for each program, listener pool and fcgi-program that is in none.

use super::options::Options;
use super::process::Reader;
use super::{Fcgi, Group, Kind, Level, Process, SocketAddress, User, account, number};
use crate::ini::value;
use crate::init::event;

/// What `result_handler` may be.
const RESULT_HANDLER: &str = "supervisor.dispatchers:default_handler";

impl<'a> Reader<'a> {
    /// All groups, by (priority, name).
    pub(super) fn groups(&self, notes: &mut Vec<(Level, String)>) -> Result<Vec<Group>, String> {
        let mut groups = Vec::new();
        let mut taken = Vec::new();
        for (section, name) in self.sections("group:") {
            groups.push(self.heterogeneous_group(section, name, &mut taken, notes)?);
        }
        for (section, name) in self.sections("program:") {
            if !taken.contains(&section) {
                let name = value::process_or_group_name(name)?;
                groups.push(self.group(section, name, 999, Kind::Programs, notes)?);
            }
        }
        for (section, name) in self.sections("eventlistener:") {
            groups.push(self.pool(section, name, notes)?);
        }
        for (section, name) in self.sections("fcgi-program:") {
            if !taken.contains(&section) {
                groups.push(self.fcgi_group(section, name, notes)?);
            }
        }
        groups.sort_by(|a, b| (a.priority, &a.name).cmp(&(b.priority, &b.name)));
        Ok(groups)
    }

    /// The sections that begin so, and what they have behind it.
    fn sections(&self, prefix: &'static str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.ini.sections().filter_map(move |section| Some((section, section.strip_prefix(prefix)?)))
    }

    /// A `[group:x]`; the sections of its programs go to `taken`.
    fn heterogeneous_group(
        &self,
        section: &'a str,
        name: &str,
        taken: &mut Vec<&'a str>,
        notes: &mut Vec<(Level, String)>,
    ) -> Result<Group, String> {
        let name = value::process_or_group_name(name)?;
        let options = self.options(section);
        let programs = value::list_of_strings(&options.get("programs")?.unwrap_or_default());
        let priority = options.take("priority", 999, value::integer)?;
        let mut processes: Vec<Process> = Vec::new();
        // An error names the program before it in the list, as supervisord's does.
        let mut named = section;
        for program in programs {
            let find = |kind: &'static str| self.sections(kind).find(|(_, name)| *name == program);
            named = match (find("program:"), find("fcgi-program:")) {
                (None, None) => return Err(format!("[{named}] names unknown program or fcgi-program {program}")),
                (Some(_), Some(_)) => {
                    return Err(format!("[{named}] name {program} is ambiguous (exists as program and fcgi-program)"));
                }
                (Some((section, _)), None) | (None, Some((section, _))) => section,
            };
            taken.push(named);
            processes.extend(self.processes(named, &name, notes)?);
        }
        processes.sort_by(|a, b| (a.priority, &a.name).cmp(&(b.priority, &b.name)));
        Ok(Group { name, priority, kind: Kind::Programs, processes })
    }

    /// A group of one section.
    fn group(
        &self,
        section: &'a str,
        name: String,
        priority: i64,
        kind: Kind,
        notes: &mut Vec<(Level, String)>,
    ) -> Result<Group, String> {
        let priority = self.options(section).take("priority", priority, value::integer)?;
        let processes = self.processes(section, &name, notes)?;
        Ok(Group { name, priority, kind, processes })
    }

    fn pool(&self, section: &'a str, name: &str, notes: &mut Vec<(Level, String)>) -> Result<Group, String> {
        let options = self.options(section);
        // Started first and stopped last.
        let priority = options.take("priority", -1, value::integer)?;
        let buffer_size = options.take("buffer_size", 10, value::integer)?;
        let buffer_size = match usize::try_from(buffer_size) {
            Ok(size) if size > 0 => size,
            _ => return Err(format!("[{section}] section sets invalid buffer_size ({buffer_size})")),
        };
        let result_handler = options.get("result_handler")?.unwrap_or_else(|| RESULT_HANDLER.to_owned());
        if result_handler != RESULT_HANDLER {
            return Err(format!(
                "{result_handler} cannot be resolved within [{section}]: only {RESULT_HANDLER} is known"
            ));
        }
        let mut events = value::list_of_strings(&options.get("events")?.unwrap_or_default());
        events.iter_mut().for_each(|name| *name = name.to_uppercase());
        events.sort();
        events.dedup();
        if events.is_empty() {
            return Err(format!("[{section}] section requires an \"events\" line"));
        }
        if let Some(unknown) = events.iter().find(|name| event::Type::by_name(name).is_none()) {
            return Err(format!("Unknown event type {unknown} in [{section}] events"));
        }
        if options.take("redirect_stderr", false, value::boolean)? {
            return Err(format!(
                "[{section}] section sets redirect_stderr=true but this is not allowed because it will interfere with the \
                 eventlistener protocol"
            ));
        }
        self.group(section, name.to_owned(), priority, Kind::Listeners { events, buffer_size }, notes)
    }

    fn fcgi_group(&self, section: &'a str, name: &str, notes: &mut Vec<(Level, String)>) -> Result<Group, String> {
        let name = value::process_or_group_name(name)?;
        let options = self.options(section);
        options.take("priority", 999, value::integer)?;
        let kind = Kind::Fcgi(self.fcgi(options, &name)?);
        self.group(section, name, 999, kind, notes)
    }

    fn fcgi(&self, mut options: Options<'a>, program: &str) -> Result<Fcgi, String> {
        let section = options.section;
        let user = options.find("user", |name| account::user(name, self.surroundings))?;
        let backlog = options.find("socket_backlog", |text| match value::integer(text)? {
            backlog @ 1..=65535 => Ok(number::count(backlog)),
            backlog => Err(format!("Invalid socket_backlog value {backlog}")),
        })?;
        let owner = options.find("socket_owner", |text| {
            account::owner(text, self.surroundings).ok_or_else(|| format!("Invalid socket_owner value {text}"))
        })?;
        let mode = options.find("socket_mode", |text| {
            value::octal_type(text).map(number::mode).map_err(|_| format!("Invalid socket_mode value {text}"))
        })?;
        options.names.text("program_name", program);
        let socket = options.get("socket")?.filter(|socket| !socket.is_empty());
        let socket = socket.ok_or_else(|| format!("[{section}] section requires a \"socket\" line"))?;
        if !socket.starts_with("unix://") && (owner.is_some() || mode.is_some()) {
            return Err(format!(
                "socket_owner and socket_mode params should only be used with a Unix domain socket in [{section}] socket"
            ));
        }
        let address = match value::fcgi_socket(&socket).map_err(|error| format!("{error} in [{section}] socket"))? {
            value::FcgiSocket::Unix(path) => SocketAddress::Unix(self.surroundings.normalize_path(&path).into()),
            value::FcgiSocket::Tcp(host, port) => SocketAddress::Tcp(host, port),
        };
        let other_user = |user: &User| user.uid != self.surroundings.uid && matches!(address, SocketAddress::Unix(_));
        let owner = owner.or_else(|| user.filter(other_user).map(|user| (user.clone(), user.gid)));
        Ok(Fcgi { address, backlog, owner, mode: mode.unwrap_or(0o700) })
    }
}
