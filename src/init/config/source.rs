use super::{Level, Surroundings, path};
use crate::ini::{self, Ini, Names};
use std::path::PathBuf;

/// The configuration file and what it includes, read into one.
pub(super) struct Source {
    pub(super) ini: Ini,
    /// `%(here)s`: the directory of the configuration file.
    pub(super) here: String,
    pub(super) files: Vec<PathBuf>,
    pub(super) notes: Vec<(Level, String)>,
}

impl Source {
    /// Reads the file, then what its `[include]` names. `environment` has the names `ENV_x`.
    pub(super) fn read(name: &str, environment: &Names, surroundings: &Surroundings) -> Result<Source, String> {
        let place = surroundings.at(name);
        if !surroundings.files.exists(&place) {
            return Err(format!("could not find config file {name}"));
        }
        let bytes = surroundings.files.read(&place).map_err(|_| format!("could not read config file {name}"))?;
        let mut source = Source {
            ini: Ini::new(),
            here: surroundings.absolute(path::directory(name)),
            files: vec![place],
            notes: Vec::new(),
        };
        source.take(&bytes, name)?;
        if source.ini.has_section("include") {
            let here = source.here.clone();
            source.ini.expand_here(&here);
            source.include(environment, surroundings)?;
        }
        Ok(source)
    }

    fn include(&mut self, environment: &Names, surroundings: &Surroundings) -> Result<(), String> {
        let mut names = Names::new();
        names.text("here", &self.here);
        names.text("host_node_name", &surroundings.host);
        names.extend(environment);
        let files = self.ini.get("include", "files").ok_or(".ini file has [include] section, but no files setting")?;
        let files = ini::expand(files, &names, "include.files")?;
        for pattern in files.split_whitespace() {
            let pattern = path::join(&self.here, pattern);
            let found = surroundings.glob(&pattern);
            if found.is_empty() {
                self.notes.push((Level::Warn, format!("No file matches via include \"{pattern}\"")));
            }
            for name in found {
                self.notes.push((Level::Info, format!("Included extra file \"{name}\" during parsing")));
                // As Python's ConfigParser.read: what cannot be opened is passed over.
                if let Ok(bytes) = surroundings.files.read(&surroundings.at(&name)) {
                    self.take(&bytes, &name)?;
                    self.ini.expand_here(&surroundings.absolute(path::directory(&name)));
                    self.files.push(surroundings.at(&name));
                }
            }
        }
        Ok(())
    }

    fn take(&mut self, bytes: &[u8], name: &str) -> Result<(), String> {
        self.ini.read(ini::decode(bytes)?, name).map_err(|error| error.to_string())
    }
}
