//! The rc file: where it is, how it is read, what W writes.

mod old;
mod read;
mod scan;
mod write;

pub use read::{Doubt, Rc, Refusal, read};
pub use write::write;

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// The first line of what is written. What is read may say anything there.
const EYE_CATCHER: &[u8] = b"top's Config File (Linux processes with windows)";
/// Around the filters.
const FILTERS_BEGIN: &[u8] = b"begin: saved other filter data -------------------";
const FILTERS_END: &[u8] = b"end  : saved other filter data -------------------";
/// So many fields an rc file tells of, whether they exist or not.
const SLOTS: usize = 100;
/// A field's number in the file is this much more than its own, doubled; the lowest bit says whether it is shown.
const BIAS: usize = 37;
/// What the system's administrator says: the first line may be `s`, for secure mode, the second a delay.
pub const SYSTEM: &str = "etc/toprc";
/// What holds for those who have no file of their own.
pub const SYSTEM_DEFAULT: &str = "etc/topdefaultrc";

/// Where the user's file is looked for, and made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The files, of which the first that is there is read, be it broken or not. W writes to that one too, or to the last where
    /// there is none.
    pub files: Vec<PathBuf>,
    /// The directories that W makes where they are missing, in this order and with mode 0700; what is above them it does not make.
    pub make: Vec<PathBuf>,
}

impl Places {
    /// The places by the program's short name (`top`), `$HOME` (the original takes it from the passwd file where it is unset or
    /// empty) and `$XDG_CONFIG_HOME`. Where both are none there is no file at all.
    #[must_use]
    pub fn of(name: &OsStr, home: Option<&OsStr>, config_home: Option<&OsStr>) -> Places {
        let [home, config_home] = [home, config_home].map(|path| path.filter(|path| !path.is_empty()).map(Path::new));
        let file = OsStr::from_bytes(&[name.as_bytes(), b"rc"].concat()).to_owned();
        let hidden = OsStr::from_bytes(&[b".", file.as_bytes()].concat()).to_owned();
        let mut make = Vec::new();
        let config = config_home.map(Path::to_path_buf).or_else(|| {
            let config = home?.join(".config");
            make.push(config.clone());
            Some(config)
        });
        let directory = config.map(|config| config.join("procps"));
        make.extend(directory.clone());
        let files =
            home.map(|home| home.join(hidden)).into_iter().chain(directory.map(|path| path.join::<OsString>(file)));
        Places { files: files.collect(), make }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        let of = |home: &str, config: &str| Places::of("top".as_ref(), Some(home.as_ref()), Some(config.as_ref()));
        let paths = |paths: &[&str]| paths.iter().map(PathBuf::from).collect::<Vec<_>>();
        assert_eq!(of("/h", "").files, paths(&["/h/.toprc", "/h/.config/procps/toprc"]));
        assert_eq!(of("/h", "").make, paths(&["/h/.config", "/h/.config/procps"]));
        assert_eq!(of("/h", "/x").files, paths(&["/h/.toprc", "/x/procps/toprc"]));
        assert_eq!(of("/h", "/x").make, paths(&["/x/procps"]));
        assert_eq!(of("", "/x").files, paths(&["/x/procps/toprc"]));
        assert_eq!(of("", ""), Places { files: vec![], make: vec![] });
    }
}
