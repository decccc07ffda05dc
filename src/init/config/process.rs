//! The processes of a `[program:x]`, and of what is like one.

use super::addition;
use super::options::Options;
use super::{Autorestart, Channel, Level, LogFile, Process, Surroundings, account, number};
use crate::ini::{self, Ini, Names, value};

/// More than any machine runs: a slip of the finger in `numprocs` must not take all memory.
const MOST_PROCESSES: i64 = 1 << 16;

/// What all programs of a configuration are read with.
pub(super) struct Reader<'a> {
    pub(super) ini: &'a Ini,
    pub(super) here: &'a str,
    /// The names `ENV_x`, those of `[supervisord]` among them.
    pub(super) environment: &'a Names,
    /// `environment` of `[supervisord]`, which is every process's.
    pub(super) inherited: &'a [(String, String)],
    pub(super) surroundings: &'a Surroundings,
}

impl<'a> Reader<'a> {
    /// The options of a section outside its processes, which know no more than `%(here)s` and `%(ENV_x)s`.
    pub(super) fn options(&self, section: &'a str) -> Options<'a> {
        let mut names = self.environment.clone();
        names.text("here", self.here);
        Options { ini: self.ini, section, names }
    }

    /// The processes of a section, by (priority, name), for a group of that name.
    pub(super) fn processes(
        &self,
        section: &'a str,
        group: &str,
        notes: &mut Vec<(Level, String)>,
    ) -> Result<Vec<Process>, String> {
        let mut processes =
            self.unsorted_processes(section, group, notes).map_err(|error| self.in_section(&error, section))?;
        processes.sort_by(|a, b| (a.priority, &a.name).cmp(&(b.priority, &b.name)));
        Ok(processes)
    }

    /// An error and where it is.
    pub(super) fn in_section(&self, error: &str, section: &str) -> String {
        let file = self.ini.file_of(section).unwrap_or_default();
        format!("{error} in section {} (file: {})", ini::repr(section), ini::repr(file))
    }

    fn unsorted_processes(
        &self,
        section: &'a str,
        group: &str,
        notes: &mut Vec<(Level, String)>,
    ) -> Result<Vec<Process>, String> {
        let program = section.split_once(':').map_or(section, |(_, name)| name);
        let program = value::process_or_group_name(program)?;
        let mut options = self.options(section);
        options.names.text("program_name", &program);
        options.names.text("host_node_name", &self.surroundings.host);
        options.names.text("group_name", group);
        let template = Template::read(&options, self.surroundings)?;
        let mut processes = Vec::new();
        for process_num in template.process_nums.clone() {
            // What an earlier process set stays set, but for what the environment says.
            options.names.number("process_num", process_num);
            options.names.number("numprocs", template.numprocs);
            options.names.extend(self.environment);
            processes.push(self.process(&template, &mut options, program.clone(), notes)?);
        }
        Ok(processes)
    }

    fn process(
        &self,
        template: &Template,
        options: &mut Options<'a>,
        program: String,
        notes: &mut Vec<(Level, String)>,
    ) -> Result<Process, String> {
        let environment = ini::pairs(&ini::expand(&template.environment, &options.names, "environment")?)?;
        for (name, value) in &environment {
            options.names.text(format!("ENV_{name}"), value);
        }
        let directory = options.get("directory")?;
        let stdout = self.channel("stdout", &template.stdout, options, notes)?;
        let mut stderr = self.channel("stderr", &template.stderr, options, notes)?;
        if template.redirect_stderr {
            if matches!(stderr.logfile, LogFile::Path(_)) {
                let section = options.section;
                let what = "redirect_stderr=true but stderr_logfile has also been set to a filename, the filename has been ignored";
                notes.push((Level::Warn, format!("For [{section}], {what}")));
            }
            stderr.logfile = LogFile::None;
        }
        let command = options.get("command")?;
        let command =
            command.ok_or_else(|| format!("program section {} does not specify a command", options.section))?;
        let process = Process {
            name: ini::expand(&template.process_name, &options.names, "process_name")?,
            program,
            command,
            directory: directory.map(Into::into),
            stdout,
            stderr,
            environment: overlaid(self.inherited, environment),
            ..template.process.clone()
        };
        addition::add(process, options, self.surroundings)
    }

    /// What becomes of standard output or error, `read_once` being what does not differ between processes.
    fn channel(
        &self,
        name: &str,
        read_once: &Channel,
        options: &Options<'_>,
        notes: &mut Vec<(Level, String)>,
    ) -> Result<Channel, String> {
        let section = options.section;
        let option = format!("{name}_logfile");
        let logfile = match options.get(&option)? {
            // Expanded twice, as supervisord does: a percent sign is written as four.
            Some(path) => value::logfile_name(&ini::expand(&path, &options.names, &option)?),
            None => value::LogfileName::Auto,
        };
        let is_syslog = logfile == value::LogfileName::Syslog;
        let logfile = match logfile {
            value::LogfileName::Auto => LogFile::Auto,
            value::LogfileName::None | value::LogfileName::Syslog => LogFile::None,
            value::LogfileName::Path(path) if path.is_empty() => LogFile::None,
            value::LogfileName::Path(path) => LogFile::Path(self.surroundings.existing_dirpath(&path)?.into()),
        };
        let backups =
            options.take(&format!("{name}_logfile_backups"), 10, |text| value::integer(text).map(number::count))?;
        let maxbytes = options.take(&format!("{name}_logfile_maxbytes"), 50 << 20, value::byte_size)?;
        let syslog = options.take(&format!("{name}_syslog"), false, value::boolean)?;
        if is_syslog {
            let what = format!(
                "For [{section}], {option}=syslog but this is deprecated and will be removed.  Use {name}_syslog=true to enable \
                 syslog instead."
            );
            notes.push((Level::Warn, what));
        }
        if logfile == LogFile::Auto && maxbytes == 0 {
            let what = format!(
                "For [{section}], AUTO logging used for {option} without rollover, set maxbytes > 0 to avoid filling up \
                 filesystem unintentionally"
            );
            notes.push((Level::Warn, what));
        }
        Ok(Channel {
            logfile,
            maxbytes: number::size(maxbytes),
            backups,
            syslog: syslog || is_syslog,
            ..read_once.clone()
        })
    }
}

/// The variables of a first list, and those of a second in their place.
fn overlaid(first: &[(String, String)], second: Vec<(String, String)>) -> Vec<(String, String)> {
    let mut all = first.to_vec();
    for (name, value) in second {
        match all.iter_mut().find(|(its_name, _)| *its_name == name) {
            Some((_, old)) => *old = value,
            None => all.push((name, value)),
        }
    }
    all
}

/// What is the same for all processes of a section.
struct Template {
    process: Process,
    process_name: String,
    environment: String,
    numprocs: i64,
    process_nums: std::ops::Range<i64>,
    stdout: Channel,
    stderr: Channel,
    redirect_stderr: bool,
}

impl Template {
    fn read(options: &Options<'_>, surroundings: &Surroundings) -> Result<Template, String> {
        let priority = options.take("priority", 999, value::integer)?;
        let autostart = options.take("autostart", true, value::boolean)?;
        let autorestart = options.take("autorestart", value::Autorestart::Unexpected, value::auto_restart)?;
        let startsecs = options.take("startsecs", 1, value::integer)?;
        let startretries = options.take("startretries", 3, value::integer)?;
        let stopsignal = options.take("stopsignal", 15, value::signal_number)?;
        let stopwaitsecs = options.take("stopwaitsecs", 10, value::integer)?;
        let stopasgroup = options.take("stopasgroup", false, value::boolean)?;
        let killasgroup = options.take("killasgroup", stopasgroup, value::boolean)?;
        let exitcodes = options.take("exitcodes", vec![0], value::list_of_exitcodes)?;
        let redirect_stderr = options.take("redirect_stderr", false, value::boolean)?;
        let numprocs = options.take("numprocs", 1, value::integer)?;
        let numprocs_start = options.take("numprocs_start", 0, value::integer)?;
        let environment = options.raw("environment").unwrap_or_default().to_owned();
        let [stdout, stderr] = [channel("stdout", options)?, channel("stderr", options)?];
        let serverurl = options.get("serverurl")?.filter(|url| !url.trim().eq_ignore_ascii_case("auto"));
        let user = options.find("user", |name| account::user(name, surroundings))?;
        let umask = options.find("umask", |text| value::octal_type(text).map(number::mode))?;
        let process_name = options.raw("process_name").unwrap_or("%(program_name)s");
        let process_name = value::process_or_group_name(process_name)?;
        if numprocs > 1 && !process_name.contains("%(process_num)") {
            return Err("%(process_num) must be present within process_name when numprocs > 1".to_owned());
        }
        if numprocs > MOST_PROCESSES {
            return Err(format!("numprocs={numprocs} is more than {MOST_PROCESSES}"));
        }
        if stopasgroup && !killasgroup {
            return Err("Cannot set stopasgroup=true and killasgroup=false".to_owned());
        }
        let process = Process {
            umask,
            priority,
            autostart,
            autorestart: match autorestart {
                value::Autorestart::Never => Autorestart::Never,
                value::Autorestart::Unexpected => Autorestart::Unexpected,
                value::Autorestart::Always => Autorestart::Always,
            },
            startsecs,
            startretries,
            user,
            stopsignal,
            stopwaitsecs,
            stopasgroup,
            killasgroup,
            exitcodes,
            redirect_stderr,
            serverurl,
            ..Process::named("")
        };
        let process_nums = numprocs_start..numprocs_start.saturating_add(numprocs);
        Ok(Template { process, process_name, environment, numprocs, process_nums, stdout, stderr, redirect_stderr })
    }
}

/// The options of a channel that are the same for all processes.
fn channel(name: &str, options: &Options<'_>) -> Result<Channel, String> {
    let size = |text: &str| value::byte_size(text).map(number::size);
    Ok(Channel {
        capture_maxbytes: options.take(&format!("{name}_capture_maxbytes"), 0, size)?,
        events_enabled: options.take(&format!("{name}_events_enabled"), false, value::boolean)?,
        ..Channel::default()
    })
}
