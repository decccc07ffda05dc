//! `ready`: how a process tells that it is up, instead of by staying so for `startsecs`.

use super::errand::Purpose;
use super::{Daemon, Id, Process, Timer, Token};
use crate::init::config::{Level, Ready};
use crate::init::machine::{Event, State};
use crate::kernel::proc::PidStat;
use crate::sys::poll::Interest;
use crate::sys::{self, Dial, Machine, Notice, NotifySocket};
use std::fs::File;
use std::io::{self, Read};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::RawFd;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What is watched while a process comes up.
#[derive(Debug)]
pub(super) enum Watch {
    /// Its descriptor, on which a newline is awaited.
    Line(File),
    /// Its $NOTIFY_SOCKET, which it may go on using when it is up.
    Notices(NotifySocket),
    /// Its port.
    Port { addresses: Vec<SocketAddr>, dials: Vec<Dial>, since: Duration },
    /// What a command says, again and again.
    Command(String),
}

/// A watch that is about to begin, and what the process has of it.
#[derive(Debug, Default)]
pub(super) struct Prepared {
    /// The watch.
    pub(super) watch: Option<Watch>,
    /// The end of a pipe that is to be its descriptor of that number.
    pub(super) extra: Option<(File, RawFd)>,
    /// A variable.
    pub(super) variable: Option<(&'static str, String)>,
}

/// A port is tried so often,
const DIAL: Duration = Duration::from_millis(250);
/// and one that says neither yes nor no for so long is tried anew.
const SILENCE: Duration = Duration::from_secs(2);
/// A command is run so often, and may take so long.
const ASK: Duration = Duration::from_secs(1);
const ANSWER: Duration = Duration::from_secs(10);
/// So many messages are taken before others have their turn.
const FAIR: usize = 64;
/// No chain of parents is longer.
const DEEP: usize = 64;

impl Daemon<'_> {
    /// Makes what a process needs to tell that it is up.
    pub(super) fn prepare_ready(&self, process: &Process) -> Result<Prepared, String> {
        let cannot = |error: io::Error| format!("cannot watch for ready: {}", sys::process::reason(&error));
        let Some((ready, _)) = &process.config.ready else { return Ok(Prepared::default()) };
        Ok(match ready {
            Ready::Fd(number) => {
                let (read, write) = sys::process::pipe().map_err(cannot)?;
                sys::process::do_not_block(&read).map_err(cannot)?;
                Prepared { watch: Some(Watch::Line(read)), extra: Some((write, *number)), variable: None }
            }
            Ready::Notify => {
                let socket = NotifySocket::new().map_err(cannot)?;
                let variable = Some(("NOTIFY_SOCKET", socket.address()));
                Prepared { watch: Some(Watch::Notices(socket)), extra: None, variable }
            }
            Ready::Tcp(host, port) => {
                let hosts = self.machine.root().read(Path::new("etc/hosts")).unwrap_or_default();
                let addresses = addresses(host, *port, &String::from_utf8_lossy(&hosts));
                if addresses.is_empty() {
                    // To ask a name server could take long, and nothing else would go on meanwhile.
                    return Err(format!("ready=tcp: {host} is no address, and /etc/hosts does not know it"));
                }
                let watch = Watch::Port { addresses, dials: Vec::new(), since: Duration::ZERO };
                Prepared { watch: Some(watch), ..Prepared::default() }
            }
            Ready::Command(command) => Prepared { watch: Some(Watch::Command(command.clone())), ..Prepared::default() },
        })
    }

    /// The process is there: whether it is up is watched from now on.
    pub(super) fn watch_ready(&mut self, id: Id, watch: Option<Watch>) {
        self.leave_ready(id, false);
        let token = Token::Ready(id).bits();
        // What epoll does not take is not watched: then the process is not ready in time, which says so.
        let _ = match &watch {
            None => return,
            Some(Watch::Line(pipe)) => self.poll.add(pipe, token, Interest::READ),
            Some(Watch::Notices(socket)) => self.poll.add(socket, token, Interest::READ),
            Some(Watch::Port { .. } | Watch::Command(_)) => {
                self.timers.set(Timer::Ready(id), Some(self.clock.now()));
                Ok(())
            }
        };
        if let Some(process) = self.processes.get_mut(&id) {
            process.aside.ready = watch;
        }
    }

    /// Watches no longer; messages of a process that is up are still taken, if they are to be.
    pub(super) fn leave_ready(&mut self, id: Id, but_messages: bool) {
        let Some(process) = self.processes.get_mut(&id) else { return };
        if but_messages && matches!(process.aside.ready, Some(Watch::Notices(_))) {
            return;
        }
        self.timers.set(Timer::Ready(id), None);
        // What was not watched needs not to be left.
        match process.aside.ready.take() {
            Some(Watch::Line(pipe)) => drop(self.poll.remove(&pipe)),
            Some(Watch::Notices(socket)) => drop(self.poll.remove(&socket)),
            Some(Watch::Port { dials, .. }) => dials.iter().for_each(|dial| drop(self.poll.remove(dial))),
            Some(Watch::Command(_)) | None => (),
        }
    }

    /// What is watched moved.
    pub(super) fn ready_moved(&mut self, id: Id) {
        let Some(process) = self.processes.get_mut(&id) else { return };
        match &mut process.aside.ready {
            Some(Watch::Line(pipe)) => {
                let mut bytes = [0; 256];
                match pipe.read(&mut bytes) {
                    Ok(count) if bytes.iter().take(count).any(|byte| *byte == b'\n') => self.is_up(id),
                    // It closed the descriptor, and can say nothing any more.
                    Ok(0) => self.leave_ready(id, false),
                    _ => (),
                }
            }
            Some(Watch::Notices(_)) => self.take_notices(id),
            Some(Watch::Port { dials, .. }) => {
                let mut answers = Vec::new();
                dials.retain(|dial| {
                    let answer = dial.answer();
                    answers.extend(answer);
                    answer.is_none() || {
                        let _ = self.poll.remove(dial);
                        false
                    }
                });
                if answers.contains(&true) {
                    self.is_up(id);
                }
            }
            Some(Watch::Command(_)) | None => (),
        }
    }

    /// It is time to try again.
    pub(super) fn try_ready(&mut self, id: Id) {
        let now = self.clock.now();
        let Some(process) = self.processes.get_mut(&id) else { return };
        match &mut process.aside.ready {
            Some(Watch::Port { addresses, dials, since }) => {
                if dials.is_empty() || now.saturating_sub(*since) >= SILENCE {
                    dials.iter().for_each(|dial| drop(self.poll.remove(dial)));
                    *since = now;
                    let begun = addresses.iter().filter_map(|address| Dial::begin(*address).ok());
                    *dials = begun
                        .filter(|dial| self.poll.add(dial, Token::Ready(id).bits(), Interest::WRITE).is_ok())
                        .collect();
                }
                self.timers.set(Timer::Ready(id), Some(now + DIAL));
            }
            Some(Watch::Command(command)) => {
                let command = command.clone();
                let is_asked =
                    !self.is_short_of_processes() && self.run_errand(id, Purpose::Ready, &command, &[], ANSWER).is_ok();
                if !is_asked {
                    self.timers.set(Timer::Ready(id), Some(now + ASK));
                }
            }
            Some(Watch::Line(_) | Watch::Notices(_)) | None => (),
        }
    }

    /// The command that says whether it is up has ended.
    pub(super) fn ready_command_ended(&mut self, id: Id, is_up: bool) {
        if is_up {
            self.is_up(id);
        } else if self.processes.get(&id).is_some_and(|process| process.aside.ready.is_some()) {
            self.timers.set(Timer::Ready(id), Some(self.clock.now() + ASK));
        }
    }

    fn is_up(&mut self, id: Id) {
        self.leave_ready(id, true);
        if self.processes.get(&id).is_some_and(|process| process.state() == State::Starting) {
            self.happens(id, Event::Up);
        }
    }

    fn take_notices(&mut self, id: Id) {
        for _ in 0..FAIR {
            let Some(process) = self.processes.get(&id) else { return };
            let Some(Watch::Notices(socket)) = &process.aside.ready else { return };
            let Ok(notice) = socket.take() else { return };
            let name = process.config.name.clone();
            if !is_own(self.machine, process, &notice) {
                self.say(Level::Debug, format_args!("'{name}' is not spoken for by pid {}", notice.pid));
                continue;
            }
            let text = String::from_utf8_lossy(&notice.text);
            for line in text.lines() {
                match line.split_once('=') {
                    Some(("READY", "1")) => self.is_up(id),
                    Some(("STATUS", status)) => {
                        let status: String = status.chars().filter(|c| !c.is_control()).collect();
                        self.say(Level::Debug, format_args!("'{name}' says: {status}"));
                    }
                    Some(("STOPPING", "1")) => self.say(Level::Debug, format_args!("'{name}' says that it stops")),
                    _ => (),
                }
            }
        }
    }
}

/// Whether a message is the process's own, or that of one below it. One that has ended meanwhile is known by its user alone.
fn is_own(machine: &dyn Machine, process: &Process, notice: &Notice) -> bool {
    let user = process.config.user.as_ref().map_or_else(sys::identity::user, |user| user.uid);
    if notice.uid != user && notice.uid != 0 {
        return false;
    }
    let parent = |pid: u32| {
        let stat = machine.root().read(&PathBuf::from(format!("proc/{pid}/stat"))).ok()?;
        PidStat::parse(&stat).ok().map(|stat| stat.ppid)
    };
    let mut line = std::iter::successors(Some(notice.pid), |pid| parent(*pid).filter(|pid| *pid > 1)).take(DEEP);
    line.any(|pid| Some(pid) == process.pid) || parent(notice.pid).is_none() && notice.uid == user
}

/// The addresses of a host that need nobody to be asked: numbers, `localhost`, and what `/etc/hosts` says.
fn addresses(host: &str, port: u16, hosts: &str) -> Vec<SocketAddr> {
    let number = host.trim_start_matches('[').trim_end_matches(']');
    let mut found: Vec<IpAddr> = number.parse().into_iter().collect();
    if found.is_empty() {
        for line in hosts.lines() {
            let mut words = line.split('#').next().unwrap_or_default().split_whitespace();
            let address: Option<IpAddr> = words.next().and_then(|address| address.parse().ok());
            if words.any(|name| name.eq_ignore_ascii_case(host)) {
                found.extend(address);
            }
        }
    }
    if found.is_empty() && host.eq_ignore_ascii_case("localhost") {
        found = vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
    }
    // A file of a thousand lines for one name is nothing that one port is tried at.
    found.truncate(8);
    found.into_iter().map(|address| SocketAddr::new(address, port)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_that_needs_no_name_server() {
        let hosts = "127.0.0.1 localhost\n::1 localhost ip6-localhost # db\n10.0.0.2\tdb.local db\nnonsense db\n";
        let shown = |host: &str, hosts: &str| -> Vec<String> {
            addresses(host, 80, hosts).iter().map(ToString::to_string).collect()
        };
        assert_eq!(shown("10.1.2.3", hosts), ["10.1.2.3:80"]);
        assert_eq!(shown("[fe80::1]", hosts), ["[fe80::1]:80"]);
        assert_eq!(shown("DB", hosts), ["10.0.0.2:80"]);
        assert_eq!(shown("localhost", hosts), ["127.0.0.1:80", "[::1]:80"]);
        assert_eq!(shown("localhost", ""), ["127.0.0.1:80", "[::1]:80"]);
        assert_eq!(shown("example.org", hosts), [""; 0]);
    }
}
