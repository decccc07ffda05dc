//! Reads the rc file, tolerant where the original is.

use super::scan::Scan;
use super::{BIAS, FILTERS_BEGIN, FILTERS_END, old};
use crate::tools::procps::Procps;
use crate::tools::top::config::{Config, Flags, Window};
use crate::tools::top::defaults::{self, OLD_FIELDS};
use crate::tools::top::field::{COLUMNS, Field};
use crate::tools::top::filter::Filter;
use std::path::Path;

/// A window has at most so many filters: each is asked of every task.
const MOST_FILTERS: usize = 100;

/// What an rc file says.
#[derive(Clone, Debug, PartialEq)]
pub struct Rc {
    /// The settings.
    pub config: Config,
    /// What W asks first, one after another.
    pub doubts: Vec<Doubt>,
}

/// What the user should know before W replaces the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// Behind the settings stands what is neither a filter nor a line for Y. It is kept.
    Flawed,
    /// An older procps wrote it, and will not read what W writes.
    Older,
}

impl Doubt {
    /// The original's question, answered with `y`; after anything else nothing is written or said.
    #[must_use]
    pub fn question(self) -> &'static str {
        match self {
            Doubt::Older => "saving prevents older top from reading, save anyway?",
            Doubt::Flawed => "rcfile has inspect/other-filter error(s), save anyway?",
        }
    }
}

/// Why a file is not read. The original ends with exit code 1 then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is no rc file, or of another version.
    Incompatible,
    /// A window, counted from 1, makes no sense.
    Window(usize),
}

impl Refusal {
    /// The original's words, which stand behind the program's name.
    #[must_use]
    pub fn message(self, file: &Path) -> String {
        // Whoever set $HOME may not write to the terminal.
        let file: String = file.to_string_lossy().chars().map(|c| if c.is_control() { '?' } else { c }).collect();
        match self {
            Refusal::Incompatible => format!("incompatible rcfile, you should delete '{file}'"),
            Refusal::Window(number) => format!("window entry #{number} corrupt, please delete '{file}'"),
        }
    }
}

/// Reads an rc file.
///
/// # Errors
/// When the original would not.
pub fn read(text: &[u8], version: Procps) -> Result<Rc, Refusal> {
    let mut scan = Scan::new(text);
    let mut config = Config::default();
    let id = header(&mut scan, &mut config, version).ok_or(Refusal::Incompatible)?;
    for (number, window) in config.windows.iter_mut().enumerate() {
        self::window(&mut scan, window, id, version).ok_or(Refusal::Window(number + 1))?;
    }
    // A bit that means nothing any more. The original drops it from the window that it shows.
    config.window_mut().flags.set(Flags(0x10000), false);
    config.summary_scale = old::summary_scale(id);
    scales(&mut scan, &mut config);
    let sound = tail(&mut scan, &mut config, version);
    let doubts = [(!sound).then_some(Doubt::Flawed), (id < b'k').then_some(Doubt::Older)];
    Ok(Rc { config, doubts: doubts.into_iter().flatten().collect() })
}

/// The first two lines; the letter of the format.
fn header(scan: &mut Scan<'_>, config: &mut Config, version: Procps) -> Option<u8> {
    scan.line()?;
    scan.letters(b"Id:")?;
    let id = scan.letter()?;
    let newest = if version == Procps::V4_0_2 { b'k' } else { b'n' };
    if id != b'a' && !(b'f'..=newest).contains(&id) {
        return None;
    }
    scan.letters(b", Mode_altscr=")?;
    config.alternate = switch(scan)?;
    scan.letters(b", Mode_irixps=")?;
    config.irix = switch(scan)?;
    scan.letters(b", Delay_time=")?;
    let seconds = scan.int()?;
    scan.letters(b".")?;
    // Thousandths, however many digits there are: 1.5 is a second and five of them.
    config.delay = f64::from(seconds) + f64::from(scan.int()?) / 1000.0;
    scan.letters(b", Curwin=")?;
    config.current = within(scan, 3)?;
    scan.blanks();
    (config.delay >= 0.0).then_some(id)
}

fn switch(scan: &mut Scan<'_>) -> Option<bool> {
    within(scan, 1).map(|number| number == 1)
}

/// A number of 0 to `highest`.
fn within(scan: &mut Scan<'_>, highest: usize) -> Option<usize> {
    usize::try_from(scan.int()?).ok().filter(|number| *number <= highest)
}

fn window(scan: &mut Scan<'_>, window: &mut Window, id: u8, version: Procps) -> Option<()> {
    scan.blanks();
    let name = scan.word(3)?.split(|byte| *byte == 0).next()?;
    // A byte stays a byte, for W could not write more.
    let mut letters = String::new();
    for chunk in name.utf8_chunks() {
        letters.extend(chunk.valid().chars().map(|c| if c.is_control() { '?' } else { c }));
        letters.extend(chunk.invalid().iter().map(|_| '?'));
    }
    window.name = letters;
    scan.letters(b"\tfieldscur=")?;
    window.columns = match id {
        ..b'k' => columns(&old::fields(id, scan.word(usize::MAX)?)?, version),
        _ => columns(&numbers(scan, window), version),
    }?;

    scan.letters(b"\twinflags=")?;
    window.flags = old::flags(id, scan.int()?.cast_unsigned());
    scan.letters(b", sortindx=")?;
    let sort = old::sort(id, within(scan, usize::MAX)?)?;
    window.sort = Field::numbered(sort).filter(|field| defaults::known(*field, version))?;
    scan.letters(b", maxtasks=")?;
    window.max_tasks = within(scan, usize::MAX)?;
    // These came one after another, and each is missing in the older files.
    let later: [(&[u8], &mut usize, usize); 5] = [
        (b", graph_cpus=", &mut window.graph_cpus, 2),
        (b", graph_mems=", &mut window.graph_mems, 2),
        (b", double_up=", &mut window.double_up, 7),
        (b", combine_cpus=", &mut window.combine_cpus, usize::MAX),
        (b", core_types=", &mut window.core_types, 3),
    ];
    for (key, value, highest) in later {
        if !scan.rest().starts_with(key) {
            break;
        }
        scan.letters(key)?;
        *value = within(scan, highest)?;
    }

    for (key, colour) in
        [&b"\tsummclr="[..], b", msgsclr=", b", headclr=", b", taskclr="].iter().zip(&mut window.colours)
    {
        scan.letters(key)?;
        *colour = scan.int().filter(|colour| (0..=255).contains(colour))?;
    }
    if id > b'k' {
        newest(scan, window)?;
    }
    scan.blanks();
    Some(())
}

/// What the files of the versions after 4.0.2 have behind the colours.
fn newest(scan: &mut Scan<'_>, window: &mut Window) -> Option<()> {
    loop {
        if scan.rest().starts_with(b", task_xy=") {
            scan.letters(b", task_xy=")?;
            scan.int()?;
        } else if scan.rest().starts_with(b", core_types=") {
            scan.letters(b", core_types=")?;
            window.core_types = within(scan, 3)?;
        } else if scan.rest().starts_with(b", cores_vs_cpus=") {
            scan.letters(b", cores_vs_cpus=")?;
            window.cores_vs_cpus = Some(within(scan, 1)?);
        } else {
            return Some(());
        }
    }
}

/// The fields as numbers. Where there are fewer than there should be, the rest is what stands there by default.
fn numbers(scan: &mut Scan<'_>, default: &Window) -> Vec<(usize, bool)> {
    let mut fields: Vec<(usize, bool)> =
        default.columns.iter().map(|(field, shown)| (*field as usize, *shown)).collect();
    let mut at = 0;
    while let Some(number) = scan.int() {
        // A number below all fields is none that exists.
        let field = usize::try_from(number >> 1).ok().and_then(|number| number.checked_sub(BIAS)).unwrap_or(usize::MAX);
        match fields.get_mut(at) {
            Some(slot) => *slot = (field, number & 1 == 1),
            None => fields.push((field, number & 1 == 1)),
        }
        at += 1;
    }
    fields
}

/// All fields in the order of the file. Its first ones must be those that 4.0.2 has, each as it is at most once: the rest is not
/// looked at there. Ours may stand between them. What is missing is added.
fn columns(fields: &[(usize, bool)], version: Procps) -> Option<Vec<(Field, bool)>> {
    let is_ours = |number: usize| version > Procps::V4_0_2 && (OLD_FIELDS..COLUMNS.len()).contains(&number);
    let mut seen = [[false; 2]; OLD_FIELDS];
    for (number, shown) in fields.iter().filter(|(number, _)| !is_ours(*number)).take(OLD_FIELDS) {
        let seen = seen.get_mut(*number)?.get_mut(usize::from(*shown))?;
        if std::mem::replace(seen, true) {
            return None;
        }
    }
    let mut taken = [false; COLUMNS.len()];
    let mut columns = Vec::with_capacity(COLUMNS.len());
    let all = COLUMNS.iter().map(|column| (column.field as usize, false));
    for (number, shown) in fields.iter().copied().chain(all) {
        if let Some(taken) = taken.get_mut(number)
            && !std::mem::replace(taken, true)
            && let Some(field) = Field::numbered(number)
        {
            columns.push((field, shown && defaults::known(field, version)));
        }
    }
    Some(columns)
}

/// The line behind the windows, as far as it goes; what is out of bounds counts as 0.
fn scales(scan: &mut Scan<'_>, config: &mut Config) -> Option<()> {
    let upto =
        |number: i32, highest: i32| if (0..=highest).contains(&number) { number.cast_unsigned() as usize } else { 0 };
    scan.letters(b"Fixed_widest=")?;
    config.fixed_widest = scan.int().map(|number| if (-1..=512).contains(&number) { number } else { 0 })?;
    scan.letters(b", Summ_mscale=")?;
    config.summary_scale = upto(scan.int()?, 5);
    scan.letters(b", Task_mscale=")?;
    config.task_scale = upto(scan.int()?, 4);
    scan.letters(b", Zero_suppress=")?;
    config.zero_suppress = upto(scan.int()?, 1) == 1;
    scan.letters(b", Tics_scaled=")?;
    config.tics_scaled = upto(scan.int()?, 6);
    Some(())
}

/// The filters and the lines for Y; whether all of it makes sense. From the first filter that does not, all is kept as if it were
/// for Y.
fn tail(scan: &mut Scan<'_>, config: &mut Config, version: Procps) -> bool {
    let mut lines: Vec<&[u8]> = Vec::new();
    while let Some(mut line) = scan.line() {
        while let Some(shorter) = line.strip_suffix(b"\r") {
            line = shorter;
        }
        lines.push(line);
    }
    let mut rest = behind_blanks(&lines);
    while let Some((begin, behind)) = rest.split_first()
        && without_indent(begin).trim_ascii_end() == FILTERS_BEGIN
        && config.windows.iter().all(|window| window.filters.is_empty())
    {
        rest = filters(behind, config, version);
        if let Some((end, behind)) = rest.split_first()
            && end.trim_ascii_end() == FILTERS_END
        {
            rest = behind;
        }
        rest = behind_blanks(rest);
    }
    let end = rest.iter().rposition(|line| !without_indent(line).is_empty()).map_or(0, |at| at + 1);
    let kept = rest.iter().take(end).enumerate();
    config.inspect = kept.map(|(at, line)| if at == 0 { without_indent(line) } else { line }.to_vec()).collect();
    config.inspect.iter().all(|line| {
        let is_comment = line.starts_with(b"#") || line.trim_ascii().is_empty();
        is_comment || line.split(|byte| *byte == b'\t').filter(|part| !part.is_empty()).count() >= 3
    })
}

/// The lines from the first that is not empty.
fn behind_blanks<'a, 'b>(lines: &'a [&'b [u8]]) -> &'a [&'b [u8]] {
    let at = lines.iter().position(|line| !without_indent(line).is_empty()).unwrap_or(lines.len());
    lines.get(at..).unwrap_or_default()
}

/// A line from its first letter on.
fn without_indent(line: &[u8]) -> &[u8] {
    let mut scan = Scan::new(line);
    scan.blanks();
    scan.rest()
}

/// Reads filters up to the first line that is none.
fn filters<'a, 'b>(mut lines: &'a [&'b [u8]], config: &mut Config, version: Procps) -> &'a [&'b [u8]] {
    while let Some((line, behind)) = lines.split_first() {
        let Some((window, count)) = window_line(line) else { break };
        let Some(window) = config.windows.get_mut(window) else { break };
        lines = behind;
        for _ in 0..count {
            let Some((line, behind)) = lines.split_first() else { return lines };
            let Some((case, text)) = filter_line(line) else { return lines };
            let Ok(filter) = Filter::parse(text, case, version) else { return lines };
            if window.filters.len() >= MOST_FILTERS {
                return lines;
            }
            if window.filters.iter().any(|other| other.text == filter.text) {
                return lines;
            }
            window.filters.push(filter);
            lines = behind;
        }
    }
    lines
}

fn window_line(line: &[u8]) -> Option<(usize, usize)> {
    let mut scan = Scan::new(line);
    scan.letters(b"window #")?;
    let window = within(&mut scan, 3)?;
    scan.letters(b", osel_tot=")?;
    Some((window, within(&mut scan, usize::MAX)?))
}

fn filter_line(line: &[u8]) -> Option<(bool, &[u8])> {
    let mut scan = Scan::new(line);
    scan.letters(b"\ttype=")?;
    let case = scan.int()? == i32::from(b'O');
    scan.letters(b",\tfilter=")?;
    Some((case, scan.rest()))
}
