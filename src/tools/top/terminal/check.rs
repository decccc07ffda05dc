//! Whether there is a terminal to run on.

use crate::sys::Machine;
use crate::sys::terminal;
use crate::tools::top::screen::Kind;
use std::path::{Path, PathBuf};

/// Where systems keep what they know of terminals, below their root.
const DATABASES: [&str; 4] = ["etc/terminfo", "lib/terminfo", "usr/share/terminfo", "usr/lib/terminfo"];

/// What the terminal can; or what top says before it ends, and its exit code.
///
/// The original says nothing at all of a type that it does not know, and asks for that first. Here the common types are known also
/// where the image has no entry for them.
///
/// # Errors
/// The message, which may be empty: then nothing is printed, not even a newline. And the exit code.
pub(crate) fn check(machine: &dyn Machine) -> Result<Kind, (String, u8)> {
    let kind = kind(machine).ok_or((String::new(), 1))?;
    if terminal::is_input() { Ok(kind) } else { Err(("failed tty get".to_owned(), 1)) }
}

/// What the terminal that $TERM names can.
fn kind(machine: &dyn Machine) -> Option<Kind> {
    let name = machine.env("TERM")?.into_string().ok()?;
    let first = name.chars().next().filter(|_| !name.contains('/') && !name.starts_with('.'))?;
    let mut places: Vec<PathBuf> = Vec::new();
    places.extend(machine.env("TERMINFO").map(PathBuf::from));
    places.extend(machine.env("HOME").map(|home| Path::new(&home).join(".terminfo")));
    if let Some(more) = machine.env("TERMINFO_DIRS") {
        places.extend(std::env::split_paths(&more));
    }
    places.extend(DATABASES.map(PathBuf::from));
    let described = places.iter().filter(|place| !place.as_os_str().is_empty()).find_map(|place| {
        let entry = machine.root().read(&place.join(first.to_string()).join(&name)).ok()?;
        Kind::described(&name, &entry)
    });
    described.or_else(|| Kind::named(&name))
}
