use crate::sys::Root;
use crate::userland;
use std::path::Path;

/// How many users are logged in: systemd's sessions where systemd runs, else utmp's. Neither file: nobody.
#[must_use]
pub fn users(root: &Root) -> u64 {
    // What sd_booted(3) looks at.
    if root.exists(Path::new("run/systemd/system")) {
        let dir = Path::new("run/systemd/sessions");
        let names = root.names(dir).unwrap_or_default();
        let sessions = names.iter().filter(|name| !name.as_encoded_bytes().ends_with(b".ref"));
        let files = sessions.filter_map(|name| root.read(&dir.join(name)).ok());
        return files.filter(|bytes| userland::is_user_session(bytes)).count() as u64;
    }
    root.read(Path::new("var/run/utmp")).map_or(0, |bytes| userland::users(&bytes))
}
