use super::ordered::Ordered;
use super::reading::{Cut, ReadError, Reading};

/// The section whose options all others have as well.
const DEFAULT: &str = "DEFAULT";
const HERE: &str = "%(here)s";

/// Sections and their options in order of first appearance, from one text or several: supervisor's UnhosedConfigParser.
#[derive(Clone, Debug, Default)]
pub struct Ini {
    defaults: Ordered<String>,
    sections: Ordered<Section>,
    pub(super) cuts: Vec<Cut>,
}

#[derive(Clone, Debug, Default)]
struct Section {
    /// The text that it appeared in first.
    source: String,
    options: Ordered<String>,
}

impl Ini {
    /// Without a section.
    pub fn new() -> Ini {
        Ini::default()
    }

    /// Reads one more text into it. What was read before stays; an option that is there again gets the new value. `source` is the
    /// name of the file, for messages.
    pub fn read(&mut self, text: &str, source: &str) -> Result<(), ReadError> {
        Reading::new(self, source).run(text)
    }

    /// The names of all sections but `[DEFAULT]`.
    pub fn sections(&self) -> impl Iterator<Item = &str> {
        self.sections.iter().map(|(name, _)| name)
    }

    /// Whether there is such a section; `[DEFAULT]` does not count.
    pub fn has_section(&self, name: &str) -> bool {
        self.sections.contains(name)
    }

    /// The value of an option, whose name is in lower case; where the section has none, that of `[DEFAULT]`. Of a section that is
    /// not there, nothing.
    pub fn get(&self, section: &str, option: &str) -> Option<&str> {
        let own = match section {
            DEFAULT => &self.defaults,
            section => &self.sections.get(section)?.options,
        };
        own.get(option).or_else(|| self.defaults.get(option)).map(String::as_str)
    }

    /// All options of a section with their values: those that `[DEFAULT]` knows first, as Python's `items`.
    pub fn options(&self, section: &str) -> impl Iterator<Item = (&str, &str)> {
        let own = self.sections.get(section).map(|section| &section.options);
        let inherited = self.defaults.iter().filter(move |_| own.is_some()).map(move |(name, value)| {
            let value = own.and_then(|own| own.get(name)).unwrap_or(value);
            (name, value.as_str())
        });
        let others = own.into_iter().flat_map(Ordered::iter).filter(|(name, _)| !self.defaults.contains(name));
        inherited.chain(others.map(|(name, value)| (name, value.as_str())))
    }

    /// The text that a section appeared in first: the one that supervisor names in errors, even if a later text changed it.
    pub fn file_of(&self, section: &str) -> Option<&str> {
        self.sections.get(section).map(|section| section.source.as_str())
    }

    /// Puts a directory for `%(here)s` in all values so far: what comes from an included file means that file's directory, and
    /// has to be told it before the next is read. A value of `[DEFAULT]` that has it becomes each section's own.
    pub fn expand_here(&mut self, here: &str) {
        let names: Vec<String> = self.sections().map(str::to_owned).collect();
        for name in names {
            let changed: Vec<(String, String)> = self
                .options(&name)
                .filter(|(_, value)| value.contains(HERE))
                .map(|(option, value)| (option.to_owned(), value.replace(HERE, here)))
                .collect();
            for (option, value) in changed {
                self.set(&name, option, value);
            }
        }
    }

    /// Where an inline comment cut a quoted text in two, in the order of reading.
    pub fn cuts(&self) -> &[Cut] {
        &self.cuts
    }

    /// Makes sure that there is a section of that name.
    pub(super) fn add_section(&mut self, name: &str, source: &str) {
        if name != DEFAULT && !self.sections.contains(name) {
            let section = Section { source: source.to_owned(), options: Ordered::default() };
            self.sections.set(name.to_owned(), section);
        }
    }

    /// Sets an option of a section that is there.
    pub(super) fn set(&mut self, section: &str, option: String, value: String) {
        let options = match section {
            DEFAULT => Some(&mut self.defaults),
            section => self.sections.get_mut(section).map(|section| &mut section.options),
        };
        if let Some(options) = options {
            options.set(option, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Ini {
        let mut ini = Ini::new();
        ini.read(text, "main").unwrap();
        ini
    }

    #[test]
    fn default_is_in_every_section_and_none_itself() {
        let ini = read("[a]\nx=1\ny=2\n[DEFAULT]\ny=3\nz=4\n");
        assert_eq!(ini.sections().collect::<Vec<_>>(), ["a"]);
        assert!(!ini.has_section("DEFAULT") && !ini.has_section("b"));
        assert_eq!(ini.options("a").collect::<Vec<_>>(), [("y", "2"), ("z", "4"), ("x", "1")]);
        assert_eq!((ini.get("a", "z"), ini.get("DEFAULT", "z"), ini.get("b", "z")), (Some("4"), Some("4"), None));
        assert_eq!(ini.options("b").count(), 0);
    }

    #[test]
    fn an_included_file_changes_sections_but_owns_only_what_it_brings() {
        let mut ini = read("[a]\nx=1\ny=%(here)s/y\n");
        ini.expand_here("/etc");
        ini.read("[b]\nz=%(here)s\n[a]\nx=2\n", "other").unwrap();
        ini.expand_here("/etc/conf.d");
        assert_eq!(
            (ini.get("a", "x"), ini.get("a", "y"), ini.get("b", "z")),
            (Some("2"), Some("/etc/y"), Some("/etc/conf.d"))
        );
        assert_eq!((ini.file_of("a"), ini.file_of("b"), ini.file_of("c")), (Some("main"), Some("other"), None));
    }
}
