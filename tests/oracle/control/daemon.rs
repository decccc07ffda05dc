//! A daemon whose processes are made up, as those of `original.py`.

use super::requests::NOW;
use serde_json::Value as Json;
use std::cell::RefCell;
use std::io;
use std::path::PathBuf;
use vat::init::config;
use vat::init::control::{
    Additions, BadCommand, Failure, Group, Health, Id, Member, Mood, Reread, Statistics, Status, Supervisor,
};
use vat::init::machine::State;
use vat::rpc::Code;
use vat::sys::Civil;

#[derive(Default)]
pub(super) struct Daemon {
    mood: Mood,
    main_log: Option<PathBuf>,
    broken: Option<String>,
    groups: Vec<Group>,
    configured: Vec<config::Group>,
    processes: Vec<Process>,
    pub(super) told: RefCell<Vec<String>>,
}

struct Process {
    name: String,
    given: Json,
    status: Status,
}

impl Process {
    fn become_given(&mut self, given: &Json) {
        // Where its logs are does not change.
        let logs = (self.status.stdout_logfile.take(), self.status.stderr_logfile.take());
        self.status = status(given);
        (self.status.stdout_logfile, self.status.stderr_logfile) = logs;
        self.given = given.clone();
    }
}

fn status(given: &Json) -> Status {
    let path = |name: &str| given["config"][name].as_str().map(PathBuf::from);
    let pid = given["pid"].as_u64().unwrap() as u32;
    Status {
        state: State::ALL.into_iter().find(|state| given["state"] == state.name()).unwrap(),
        pid: (pid > 0).then_some(pid),
        start: given["start"].as_i64().unwrap(),
        stop: given["stop"].as_i64().unwrap(),
        spawnerr: given["spawnerr"].as_str().map(str::to_owned),
        exitstatus: given["exitstatus"].as_i64(),
        stdout_logfile: path("stdout_logfile"),
        stderr_logfile: path("stderr_logfile"),
        waits_for: None,
        is_well: None,
    }
}

impl Daemon {
    pub(super) fn new(given: &Json) -> Daemon {
        let mut daemon = Daemon {
            main_log: given["main_log"].as_str().map(PathBuf::from),
            broken: given["broken"].as_str().map(str::to_owned),
            configured: given["configured"].as_array().unwrap().iter().map(configured).collect(),
            ..Daemon::default()
        };
        for group in given["groups"].as_array().unwrap() {
            let name = group["name"].as_str().unwrap().to_owned();
            let mut members = Vec::new();
            for process in group["processes"].as_array().unwrap() {
                let config = &process["config"];
                let id = Id(daemon.processes.len() as u32);
                let own = config["name"].as_str().unwrap().to_owned();
                members.push(Member { id, name: own.clone(), priority: config["priority"].as_i64().unwrap() });
                let (name, given) = (format!("{name}:{own}"), process.clone());
                daemon.processes.push(Process { name, status: status(&given), given });
            }
            daemon.groups.push(Group { name, priority: group["priority"].as_i64().unwrap(), processes: members });
        }
        daemon
    }

    /// Something happens to a process, unless its group was removed.
    pub(super) fn become_given(&mut self, name: &str, given: &Json) {
        let there: Vec<u32> = self.groups.iter().flat_map(|group| &group.processes).map(|member| member.id.0).collect();
        for id in there {
            let process = &mut self.processes[id as usize];
            if process.name == name {
                process.become_given(given);
            }
        }
    }

    fn tell(&self, what: &str, process: Id) {
        self.told.borrow_mut().push(format!("{what} {}", self.processes[process.0 as usize].name));
    }

    /// Whether nothing can be done to a process.
    fn is_broken(&self, process: Id) -> Result<(), String> {
        let broken = &self.processes[process.0 as usize].given["broken"];
        broken.as_str().map_or(Ok(()), |why| Err(why.to_owned()))
    }
}

/// What the original has not is not asked here.
impl Additions for Daemon {
    fn changes(&mut self) -> Result<Vec<config::Change>, String> {
        Ok(Vec::new())
    }

    fn apply(&mut self) -> Result<Vec<config::Change>, Option<String>> {
        Ok(Vec::new())
    }

    fn applied(&mut self) -> bool {
        true
    }

    fn begin_rolling(&mut self, _: &str) -> bool {
        true
    }

    fn end_rolling(&mut self, _: &str) {}

    fn rotate_logs(&mut self, _: Id) -> Result<(), Code> {
        Ok(())
    }

    fn failures(&self, _: usize) -> Vec<Failure> {
        Vec::new()
    }

    fn refused(&mut self, _: Id, _: &str) {}

    fn health(&self) -> Vec<Health> {
        Vec::new()
    }

    fn statistics(&self) -> Statistics {
        Statistics::default()
    }
}

impl Supervisor for Daemon {
    fn identification(&self) -> String {
        "the server".to_owned()
    }

    fn pid(&self) -> u32 {
        1
    }

    fn mood(&self) -> Mood {
        self.mood
    }

    fn has_rpc_interface(&self) -> bool {
        true
    }

    fn now(&self) -> i64 {
        NOW
    }

    /// All times are within two days of 2001-09-08.
    fn local(&self, seconds: i64) -> Option<Civil> {
        let (day, second) = (seconds / 86_400 - 11_573, seconds % 86_400);
        let (day, hour, minute) = (8 + day as u8, (second / 3600) as u8, (second / 60 % 60) as u8);
        Some(Civil { year: 2001, month: 9, day, hour, minute, second: 0 })
    }

    fn groups(&self) -> Vec<Group> {
        self.groups.clone()
    }

    fn status(&self, process: Id) -> Option<Status> {
        Some(self.processes[process.0 as usize].status.clone())
    }

    fn state(&self, process: Id) -> Option<State> {
        self.status(process).map(|status| status.state)
    }

    fn has_spawnerr(&self, process: Id) -> bool {
        self.processes[process.0 as usize].status.spawnerr.is_some()
    }

    fn configured(&self) -> Vec<&config::Group> {
        self.configured.iter().collect()
    }

    fn check_command(&self, process: Id) -> Result<(), BadCommand> {
        match self.processes[process.0 as usize].given["command"].as_str().unwrap() {
            "missing" => Err(BadCommand::NotFound("can't find command 'x'".to_owned())),
            "directory" => Err(BadCommand::NotExecutable("command at '/x' is a directory".to_owned())),
            _ => Ok(()),
        }
    }

    fn start(&mut self, process: Id) {
        self.tell("start", process);
        let Process { given, status, .. } = &mut self.processes[process.0 as usize];
        if status.pid.is_some() {
            return;
        }
        status.spawnerr = given["fails"].as_str().map(str::to_owned);
        status.state = match (&status.spawnerr, given["quick"] == true) {
            (Some(_), _) => State::Backoff,
            (None, true) => State::Running,
            (None, false) => State::Starting,
        };
        status.pid = status.spawnerr.is_none().then_some(77);
    }

    fn stop(&mut self, process: Id) -> Result<(), String> {
        self.tell("stop", process);
        self.is_broken(process)?;
        let state = &mut self.processes[process.0 as usize].status.state;
        *state = if *state == State::Backoff { State::Stopped } else { State::Stopping };
        Ok(())
    }

    fn report_stop(&mut self, _: Id) {}

    fn signal(&mut self, process: Id, signal: i32) -> Result<(), String> {
        self.tell(&format!("signal {signal}"), process);
        self.is_broken(process)
    }

    fn write_stdin(&mut self, process: Id, bytes: &[u8]) -> io::Result<()> {
        self.tell(&format!("write {}", crate::oracle::event::hex(bytes)), process);
        self.is_broken(process).map_err(io::Error::other)
    }

    fn main_log(&self) -> Option<PathBuf> {
        self.main_log.clone()
    }

    fn clear_main_log(&mut self) -> io::Result<()> {
        self.told.borrow_mut().push("clear".to_owned());
        self.broken.clone().map_or(Ok(()), |why| Err(io::Error::other(why)))
    }

    fn clear_logs(&mut self, process: Id) -> io::Result<()> {
        self.tell("clear", process);
        self.is_broken(process).map_err(io::Error::other)
    }

    fn reread(&mut self) -> Result<Reread, String> {
        self.told.borrow_mut().push("reread".to_owned());
        if let Some(why) = &self.broken {
            return Err(why.clone());
        }
        let active: Vec<String> = self.groups.iter().map(|group| group.name.clone()).collect();
        let configured: Vec<String> = self.configured.iter().map(|group| group.name.clone()).collect();
        let without =
            |from: &[String], known: &[String]| from.iter().filter(|name| !known.contains(name)).cloned().collect();
        let (added, removed) = (without(&configured, &active), without(&active, &configured));
        Ok(Reread { added, changed: Vec::new(), removed })
    }

    fn add_group(&mut self, name: &str) -> Result<(), String> {
        self.told.borrow_mut().push(format!("add {name}"));
        let priority = self.configured.iter().find(|group| group.name == name).unwrap().priority;
        self.groups.push(Group { name: name.to_owned(), priority, processes: Vec::new() });
        Ok(())
    }

    fn remove_group(&mut self, name: &str) {
        self.told.borrow_mut().push(format!("remove {name}"));
        self.groups.retain(|group| group.name != name);
    }

    fn remote_comm_event(&mut self, kind: &str, data: &str) {
        self.told.borrow_mut().push(format!("event {kind} {data}"));
    }

    fn shutdown(&mut self) {
        self.mood = Mood::Shutdown;
    }

    fn restart(&mut self) {
        self.mood = Mood::Restarting;
    }
}

/// A group of the configuration, of what `original.py` is given.
fn configured(given: &Json) -> config::Group {
    config::Group {
        name: given["name"].as_str().unwrap().to_owned(),
        priority: given["priority"].as_i64().unwrap(),
        kind: config::Kind::Programs,
        processes: given["processes"].as_array().unwrap().iter().map(configured_process).collect(),
    }
}

fn configured_process(given: &Json) -> config::Process {
    let text = |name: &str| given[name].as_str().map(str::to_owned);
    let number = |name: &str| given[name].as_i64().unwrap();
    let flag = |name: &str| given[name].as_bool().unwrap();
    let channel = |of: &str| config::Channel {
        logfile: match text(&format!("{of}_logfile")).as_deref() {
            None => config::LogFile::None,
            Some("AUTO") => config::LogFile::Auto,
            Some(path) => config::LogFile::Path(path.into()),
        },
        maxbytes: number(&format!("{of}_logfile_maxbytes")) as u64,
        backups: number(&format!("{of}_logfile_backups")) as u32,
        capture_maxbytes: number(&format!("{of}_capture_maxbytes")) as u64,
        events_enabled: flag(&format!("{of}_events_enabled")),
        syslog: flag(&format!("{of}_syslog")),
        rotate: None,
        format: config::LineFormat::Raw,
    };
    let user = |uid: i64| config::User {
        name: String::new(),
        uid: uid as u32,
        gid: 0,
        groups: Vec::new(),
        home: PathBuf::new(),
        shell: PathBuf::new(),
    };
    config::Process {
        name: text("name").unwrap(),
        program: String::new(),
        command: text("command").unwrap(),
        directory: text("directory").map(PathBuf::from),
        umask: None,
        priority: number("priority"),
        autostart: flag("autostart"),
        autorestart: config::Autorestart::Never,
        startsecs: number("startsecs"),
        startretries: number("startretries"),
        user: given["uid"].as_i64().map(user),
        stdout: channel("stdout"),
        stderr: channel("stderr"),
        stopsignal: number("stopsignal") as i32,
        stopwaitsecs: number("stopwaitsecs"),
        stopasgroup: false,
        killasgroup: flag("killasgroup"),
        exitcodes: given["exitcodes"].as_array().unwrap().iter().map(|code| code.as_i64().unwrap()).collect(),
        redirect_stderr: flag("redirect_stderr"),
        environment: Vec::new(),
        serverurl: text("serverurl"),
        depends_on: Vec::new(),
        ready: None,
        restart: config::Restart { delay: None, delay_max: None, window: None },
        essential: config::Essential::No,
        health: None,
        hooks: config::Hooks::default(),
        kill: None,
        user_env: false,
        rlimits: Vec::new(),
        oom_score_adj: None,
        nice: None,
        limits: config::Limits::default(),
        schedule: None,
        environment_file: Vec::new(),
        console: false,
    }
}
