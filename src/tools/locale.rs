//! Which characters the user's locale has. A static program cannot load a locale; the tools need to know no more of it than this.

use crate::sys::Machine;
use std::cell::OnceCell;
use std::path::Path;

/// The categories that setlocale(3) sets, or sets none of.
const CATEGORIES: [&str; 12] = [
    "LC_CTYPE",
    "LC_NUMERIC",
    "LC_TIME",
    "LC_COLLATE",
    "LC_MONETARY",
    "LC_MESSAGES",
    "LC_PAPER",
    "LC_NAME",
    "LC_ADDRESS",
    "LC_TELEPHONE",
    "LC_MEASUREMENT",
    "LC_IDENTIFICATION",
];

/// The user's locale, looked up when something depends on it.
pub(crate) struct Locale<'a> {
    machine: &'a dyn Machine,
    utf8: OnceCell<bool>,
}

impl<'a> Locale<'a> {
    pub(crate) fn of(machine: &'a dyn Machine) -> Locale<'a> {
        Locale { machine, utf8: OnceCell::new() }
    }

    /// Whether text is UTF-8. Otherwise the locale is C, whose characters are bytes.
    pub(crate) fn is_utf8(&self) -> bool {
        *self.utf8.get_or_init(|| {
            let name = self.name("LC_CTYPE");
            is_utf8_name(&name) && CATEGORIES.iter().all(|category| self.is_installed(&self.name(category)))
        })
    }

    /// What the environment calls the locale of a category.
    pub(crate) fn name(&self, category: &str) -> String {
        let set = |name| self.machine.env(name).filter(|value| !value.is_empty());
        let name = set("LC_ALL").or_else(|| set(category)).or_else(|| set("LANG"));
        name.map_or("C".to_owned(), |name| name.to_string_lossy().into_owned())
    }

    /// A locale that is not installed is as if it were C. C.UTF-8 is built into newer C libraries, and everywhere at hand.
    fn is_installed(&self, name: &str) -> bool {
        let (language, codeset) = name.split_once('.').unwrap_or((name, ""));
        if matches!(name, "C" | "POSIX") || (language == "C" && is_utf8_name(name)) {
            return true;
        }
        let locales = Path::new("usr/lib/locale");
        let normal = codeset.to_ascii_lowercase().replace('-', "");
        let names = [name.to_owned(), format!("{language}.{normal}"), "locale-archive".to_owned()];
        !name.contains('/') && names.iter().any(|name| self.machine.root().exists(&locales.join(name)))
    }
}

fn is_utf8_name(name: &str) -> bool {
    name.split_once('.').is_some_and(|(_, codeset)| matches!(codeset.to_ascii_lowercase().as_str(), "utf-8" | "utf8"))
}

/// Whether a character has a shape. The original also finds unassigned code points unprintable.
pub(crate) fn is_printable(character: char) -> bool {
    !character.is_control() && !matches!(character, '\u{2028}' | '\u{2029}')
}
