//! top(1): what the container's tasks do, and what it has and uses.

pub mod arguments;
pub mod arrange;
pub mod batch;
pub mod cell;
pub mod columns;
pub mod config;
pub mod defaults;
pub mod field;
pub mod filter;
pub mod frame;
pub mod interact;
pub mod key;
pub mod line;
pub mod names;
pub mod order;
pub mod page;
pub mod rc;
pub mod row;
pub mod sampler;
pub mod screen;
pub mod session;
pub mod summary;
pub mod terminal;
pub mod view;

pub use arguments::{Id, SPEC};

use super::Call;
use super::here::Here;
use super::locale::Locale;
use super::procps::Procps;
use crate::read;
use crate::sys::Machine;
use arguments::{Arguments, Request, Text};
use arrange::User;
use config::{Config, Flags};
use field::COLUMNS;
use interact::Interaction;
use names::Names;
use rc::{Doubt, Places};
use sampler::Sampler;
use session::{Hardware, Session};
use std::io;
use std::path::Path;

/// No line is longer.
const WIDEST: usize = 512;
/// No line is cut off before.
const NARROWEST: usize = 3;

/// Runs `top`.
///
/// # Errors
/// Those of writing.
pub fn run(call: &mut Call<'_>) -> io::Result<u8> {
    let version = Procps::of(call.machine);
    let name = call.short_name();
    let home = call.machine.env("HOME");
    let places = Places::of(name.as_ref(), home.as_deref(), call.machine.env("XDG_CONFIG_HOME").as_deref());
    // A broken rc file stands before all that the arguments ask for, `-h` too; but not before `-A`, which helps then.
    let wants_defaults = matches!(call.args.as_slice(), [only] if version > Procps::V4_0_2 && *only == "-A");
    let configured = if wants_defaults { Ok(None) } else { configured(call.machine, &places, version) };
    let configured = match configured {
        Ok(configured) => configured,
        Err(message) => {
            writeln!(call.err, "{name}: {message}")?;
            return Ok(1);
        }
    };
    let posix = call.machine.env("POSIXLY_CORRECT").is_some();
    let users = read::users_by_id(call.machine.root());
    let user = |name: &str| users.id(name.as_bytes());
    let arguments = match arguments::parse(&call.program, &call.args, posix, version, user) {
        Ok(Request::Run(arguments)) => arguments,
        Ok(Request::Tell(text, empty_line)) => {
            match text {
                Text::Help => write!(call.out, "{}", arguments::usage(&name, version))?,
                Text::Version => write!(call.out, "{}", version.version(&name))?,
                Text::Fields => {
                    for column in COLUMNS.iter().filter(|column| defaults::known(column.field, version)) {
                        writeln!(call.out, "{}", column.name)?;
                    }
                }
            }
            if empty_line {
                writeln!(call.out)?;
            }
            return Ok(0);
        }
        Err(failure) => {
            call.err.write_all(&failure.message)?;
            writeln!(call.err)?;
            if failure.empty_line {
                writeln!(call.out)?;
            }
            return Ok(failure.code);
        }
    };
    let names = Names { users, groups: read::groups(call.machine.root()), ..Names::default() };
    let is_unset = configured.is_none();
    let (config, doubts) = configured.unwrap_or_default();
    let settings = Settings { name: &name, version, places: &places, config, doubts, is_unset };
    match top(call, settings, &arguments, names) {
        Ok(code) => Ok(code),
        Err(Trouble::Refused(message)) => {
            if !message.is_empty() {
                writeln!(call.err, "{name}: {message}")?;
            }
            Ok(1)
        }
        Err(Trouble::Writing(error)) => Err(error),
    }
}

/// Why top ends before its time.
enum Trouble {
    /// It cannot do what it is asked for: a line for the user, or nothing where the original says nothing.
    Refused(String),
    /// Nobody takes what it says.
    Writing(io::Error),
}

/// What is known before the arguments are looked at.
struct Settings<'a> {
    name: &'a str,
    version: Procps,
    places: &'a Places,
    config: Config,
    doubts: Vec<Doubt>,
    /// No rc file said it.
    is_unset: bool,
}

fn top(call: &mut Call<'_>, settings: Settings<'_>, arguments: &Arguments, names: Names) -> Result<u8, Trouble> {
    let machine = call.machine;
    let Settings { name, version, places, mut config, doubts, is_unset } = settings;
    let kind = if arguments.batch {
        None
    } else {
        Some(terminal::check(machine).map_err(|(message, _)| Trouble::Refused(message))?)
    };
    let system = system(machine);
    let secure = arguments.secure || system.secure;
    if secure && !arguments.secure && arguments.delay.is_some() {
        return Err(Trouble::Refused(arguments::DELAY_DISALLOWED.to_owned()));
    }
    if let Some(delay) = system.delay {
        config.delay = delay;
    }
    apply(&mut config, arguments, is_unset);

    let here = Here::new(machine);
    let hardware = Hardware { page: machine.page_size(), online: here.online_cpus(), pid_width: here.pid_digits() };
    let names = Names { terminals: here.terminals(), nodes: here.nodes(), ..names };
    let mut session = Session {
        config,
        version,
        program: name.to_owned(),
        names,
        panes: Default::default(),
        grown: Default::default(),
        pids: arguments.pids.iter().map(|pid| if *pid == 0 { machine.pid() } else { pid.unsigned_abs() }).collect(),
        threads: arguments.threads,
        container_line: arguments.container_line,
        utf8: Locale::of(machine).is_utf8(),
        machine: hardware,
    };
    if let (Some(user), Some(pane)) = (&arguments.user, session.panes.get_mut(session.config.current)) {
        pane.user = Some(User { uid: user.uid, any: user.any, negated: user.negated });
    }

    let untold = |error: io::Error| Trouble::Refused(error.to_string());
    let mut sampler = Sampler::new(&here, machine).map_err(untold)?;
    let iterations = arguments.iterations.map(u64::from);
    if let Some(kind) = kind {
        let start = terminal::Start { kind, width: arguments.width.flatten(), iterations, places };
        let mut interaction = Interaction::new(session, secure, doubts);
        let code = terminal::run(&mut interaction, &mut sampler, machine, &start).map_err(untold)?;
        here.report(name, call.err).map_err(Trouble::Writing)?;
        return Ok(code);
    }
    let screen = screen_width(machine, arguments.width);
    let ended = batch::run(&mut session, &mut sampler, machine, iterations, screen, call.out);
    ended.map_err(Trouble::Writing)?;
    here.report(name, call.err).map_err(Trouble::Writing)?;
    Ok(0)
}

/// What /etc/toprc says to all who are not root.
#[derive(Default)]
struct System {
    secure: bool,
    delay: Option<f64>,
}

fn system(machine: &dyn Machine) -> System {
    if machine.is_root() {
        return System::default();
    }
    let Ok(bytes) = machine.root().read(Path::new(rc::SYSTEM)) else { return System::default() };
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let secure = lines.next().is_some_and(|line| line.contains(&b's'));
    let delay = lines.next().and_then(|line| str::from_utf8(line).ok()?.trim().parse().ok());
    System { secure, delay }
}

/// The settings of the first rc file that is there, else those of the system, else none.
fn configured(machine: &dyn Machine, places: &Places, version: Procps) -> Result<Option<(Config, Vec<Doubt>)>, String> {
    let system = [Path::new(rc::SYSTEM_DEFAULT).to_path_buf()];
    for file in places.files.iter().chain(&system) {
        if let Ok(bytes) = machine.root().read(file) {
            let rc = rc::read(&bytes, version).map_err(|refusal| refusal.message(file))?;
            return Ok(Some((rc.config, rc.doubts)));
        }
    }
    Ok(None)
}

/// What the command line changes of the settings: toggles turn the current window's. Where no rc file has said anything (`is_unset`),
/// -1 also shows two CPUs on a line.
fn apply(config: &mut Config, arguments: &Arguments, is_unset: bool) {
    if let Some(delay) = arguments.delay {
        config.delay = delay;
    }
    if let Some(scale) = arguments.summary_scale {
        config.summary_scale = scale;
    }
    if let Some(scale) = arguments.task_scale {
        config.task_scale = scale;
    }
    let window = config.window_mut();
    if is_unset && arguments.single_cpu_toggle {
        window.double_up = 1;
    }
    let toggles = [
        (arguments.cmdline_toggle, Flags::COMMAND_LINE),
        (arguments.idle_toggle, Flags::IDLE),
        (arguments.cumulative_toggle, Flags::CUMULATIVE),
        (arguments.single_cpu_toggle, Flags::CPU_SUM),
    ];
    for (_, flag) in toggles.into_iter().filter(|(turned, _)| *turned) {
        window.flags.toggle(flag);
    }
    if let Some((descending, field)) = arguments.sort {
        window.sort = field;
        window.flags.set(Flags::FOREST, false);
        if let Some(descending) = descending {
            window.flags.set(Flags::DESCENDING, descending);
        }
    }
}

/// How wide a batch's lines are: what -w says, the environment, or the terminal.
fn screen_width(machine: &dyn Machine, asked: Option<Option<usize>>) -> usize {
    let columns = || {
        let columns = machine.env("COLUMNS")?.to_str()?.parse::<usize>().ok();
        columns.filter(|columns| *columns > 0)
    };
    let width = match asked {
        Some(Some(width)) => width,
        Some(None) => columns().unwrap_or(WIDEST),
        None => columns().or_else(|| machine.columns()).unwrap_or(80),
    };
    width.clamp(NARROWEST, WIDEST)
}
