use crate::ini::{self, Ini, Names};

/// The options of a section, expanded: supervisor's `saneget`.
pub(super) struct Options<'a> {
    pub(super) ini: &'a Ini,
    pub(super) section: &'a str,
    /// What may be expanded in them.
    pub(super) names: Names,
}

impl<'a> Options<'a> {
    /// An option as it is written.
    pub(super) fn raw(&self, option: &str) -> Option<&'a str> {
        self.ini.get(self.section, option)
    }

    /// An option, expanded.
    pub(super) fn get(&self, option: &str) -> Result<Option<String>, String> {
        let expand = |value| ini::expand(value, &self.names, &format!("{}.{option}", self.section));
        self.raw(option).map(expand).transpose()
    }

    /// An option, expanded and understood; or what it is when it is not there.
    pub(super) fn take<T>(
        &self,
        option: &str,
        default: T,
        convert: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<T, String> {
        match self.get(option)? {
            Some(value) => convert(&value),
            None => Ok(default),
        }
    }

    /// The same of an option that has no default.
    pub(super) fn find<T>(
        &self,
        option: &str,
        convert: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Option<T>, String> {
        self.get(option)?.map(|value| convert(&value)).transpose()
    }

    /// The same of one that is one of a few words, in any case.
    pub(super) fn choose<T: Clone>(&self, option: &str, words: &[(&str, T)]) -> Result<Option<T>, String> {
        self.find(option, |text| {
            let meant = words.iter().find(|(word, _)| text.trim().eq_ignore_ascii_case(word));
            meant.map(|(_, meaning)| meaning.clone()).ok_or_else(|| {
                let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
                format!("invalid '{option}' value {}, it is one of: {}", ini::repr(text), words.join(", "))
            })
        })
    }
}
