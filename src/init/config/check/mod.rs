//! `vat-init --check`: what is understood of a configuration, and where it may not say what was meant.

mod names;
mod show;
mod traps;

pub use names::own_options;
pub(super) use show::{group_details, process_details};

use super::source::Source;
use super::{Arguments, Config, Error, Surroundings, environment_names};
use crate::init::arguments;
use std::io::{self, Write};
use std::path::Path;

/// What there is to tell of a configuration that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What was understood, for standard output.
    pub text: String,
    /// What may not be meant so, for standard error, a line each.
    pub warnings: Vec<String>,
}

/// Reads a configuration and tells of it.
///
/// # Errors
/// What the daemon would not start with.
pub fn check(arguments: &Arguments, surroundings: &Surroundings) -> Result<Report, Error> {
    let name = Config::find(arguments, surroundings)?;
    let environment = environment_names(&surroundings.environment);
    let source = Source::read(&name, &environment, surroundings).map_err(Error)?;
    let config = Config::of_source(&source, environment, arguments, surroundings).map_err(Error)?;
    let warnings = traps::warnings(&source, &config, surroundings);
    Ok(Report {
        text: show::text(&config, surroundings),
        warnings: warnings.iter().map(|text| escaped(text)).collect(),
    })
}

/// Whether it is one of those files, such as /dev/stdout and /dev/fd/1, that are never rotated.
fn is_device(path: &Path) -> bool {
    path.starts_with("/dev")
}

/// A text from a file, with nothing in it that a terminal would obey.
fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut escaped, c| {
        match c.is_control() {
            true => escaped.extend(c.escape_default()),
            false => escaped.push(c),
        }
        escaped
    })
}

/// Tells on `out` what was understood, and on `err` what may not be meant so or is wrong. The exit code is 0, or 2 for a file that
/// the daemon would not start with.
///
/// # Errors
/// Those of writing.
pub fn run(
    arguments: &Arguments,
    surroundings: &Surroundings,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<u8> {
    match check(arguments, surroundings) {
        Ok(report) => {
            out.write_all(report.text.as_bytes())?;
            out.flush()?;
            report.warnings.iter().try_for_each(|warning| writeln!(err, "Warning: {warning}"))?;
            Ok(0)
        }
        Err(error) => {
            err.write_all(arguments::usage(&arguments.program, &error.to_string()).as_bytes())?;
            Ok(2)
        }
    }
}

/// The options that a section may have.
#[cfg(test)]
pub(super) fn known_options(section: &str) -> Vec<String> {
    match names::known(section) {
        names::Known::Options(options) => options,
        names::Known::Anything | names::Known::Nothing(_) => Vec::new(),
    }
}
