//! The format of the `.keys` files.

/// What is done on the terminal, in turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// A key by tmux's name for it.
    Key(String),
    /// Text, typed.
    Text(String),
    /// The screen is compared here.
    Capture,
    Resize(u16, u16),
    /// The processors of the stage have worked for a while, and a frame tells of it.
    Work,
    /// A file of the home directory is compared here.
    File(String),
    /// A signal, to the program.
    Signal(String),
}

/// One terminal, one program, the keys.
#[derive(Debug, Default)]
pub(super) struct Case {
    /// Its line in the file.
    pub(super) line: usize,
    pub(super) title: String,
    pub(super) size: (u16, u16),
    /// More variables, `NAME=VALUE`.
    pub(super) env: Vec<String>,
    /// The processors of the stage.
    pub(super) cpus: usize,
    /// The `.toprc` of the home directory.
    pub(super) rc: String,
    /// What bash runs before the program.
    pub(super) before: String,
    /// The arguments of the program.
    pub(super) args: String,
    /// In place of `top ARGS`: a bash command.
    pub(super) run: String,
    /// Columns whose figures move, beside those that always do.
    pub(super) moves: Vec<String>,
    /// What ours shows on purpose, and what stands there in the original.
    pub(super) ours: Vec<(String, String)>,
    pub(super) steps: Vec<Step>,
}

/// The processes of the stage without the program itself, whose time moves.
const PROCESSES: &str = "-p 1,100,102,103,104,105,106,107,110,111,120";

/// Reads a case file:
///
/// ```text
/// # a comment
/// [the title of a case]
/// size 100x30                the terminal; 80x24
/// args -d 999                the arguments; `-d 999` and the processes of the stage, without the program itself
/// run command                in place of `top ARGS`
/// env NAME=VALUE
/// cpus 4                     the processors of the stage; 2
/// moves %CPU                 a column whose figures move
/// ours text => other         a difference that is wanted, told in a comment: text of ours, counted as the other (VERSION is Vat's); a
///                            text that ends in * goes on to the end of the line
/// rc text                    a line of ~/.toprc
/// before text                a line of what bash runs before
/// > k "9999" Enter | Enter |   keys by tmux's names; "text" is typed; at | the screen is compared
/// > {resize 60x20} {file .toprc} {signal TERM}
/// > {work}                   the processors work until the next frame: the delay has to be short
/// ```
pub(super) fn parse(text: &str) -> Result<Vec<Case>, String> {
    let mut cases: Vec<Case> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let broken = |what: &str| format!("line {}: {what}", at + 1);
        if let Some(title) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            let args = format!("-d 999 {PROCESSES}");
            let title = title.to_owned();
            cases.push(Case { line: at + 1, title, size: (80, 24), cpus: 2, args, ..Case::default() });
            continue;
        }
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let case = cases.last_mut().ok_or_else(|| broken("before the first title"))?;
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "size" => case.size = size(rest).ok_or_else(|| broken("expected WIDTHxHEIGHT"))?,
            "args" => case.args = rest.replace("ALL", PROCESSES),
            "run" => case.run = rest.replace("ALL", PROCESSES),
            "env" => case.env.push(rest.to_owned()),
            "cpus" => case.cpus = rest.parse().map_err(|_| broken("expected a number"))?,
            "moves" => case.moves.push(rest.to_owned()),
            "ours" => {
                let (text, other) = rest.split_once(" =>").ok_or_else(|| broken("expected a text, => and another"))?;
                let text = text.replace("VERSION", env!("CARGO_PKG_VERSION"));
                case.ours.push((text, other.strip_prefix(' ').unwrap_or(other).to_owned()));
            }
            "rc" => case.rc.extend([rest, "\n"]),
            "before" => case.before.extend([rest, "\n"]),
            ">" => case.steps.extend(steps(rest).ok_or_else(|| broken("expected keys"))?),
            _ => return Err(broken("not understood")),
        }
    }
    match cases.iter().find(|case| !case.steps.iter().any(|step| matches!(step, Step::Capture | Step::File(_)))) {
        Some(case) => Err(format!("line {}: compares nothing", case.line)),
        None => Ok(cases),
    }
}

fn size(text: &str) -> Option<(u16, u16)> {
    let (width, height) = text.trim().split_once('x')?;
    Some((width.parse().ok()?, height.parse().ok()?))
}

fn steps(text: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (step, after) = if let Some(text) = rest.strip_prefix('"') {
            let (text, after) = text.split_once('"')?;
            (Step::Text(text.to_owned()), after)
        } else if let Some(text) = rest.strip_prefix('{').filter(|text| text.contains('}')) {
            let (text, after) = text.split_once('}')?;
            let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
            let step = match word {
                "resize" => size(rest).map(|(width, height)| Step::Resize(width, height))?,
                "work" => Step::Work,
                "file" => Step::File(rest.to_owned()),
                "signal" => Step::Signal(rest.to_owned()),
                _ => return None,
            };
            (step, after)
        } else {
            let (word, after) = rest.split_once(' ').unwrap_or((rest, ""));
            (if word == "|" { Step::Capture } else { Step::Key(word.to_owned()) }, after)
        };
        steps.push(step);
        rest = after.trim_start();
    }
    Some(steps)
}
