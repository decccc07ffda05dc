//! `[inet_http_server]` and `[unix_http_server]`.

use super::options::Options;
use super::{Address, Server, Surroundings, account, number};
use crate::ini::{Ini, Names, value};

/// All servers, TCP first, as supervisord opens them.
pub(super) fn servers(
    ini: &Ini,
    here: &str,
    environment: &Names,
    surroundings: &Surroundings,
) -> Result<Vec<Server>, String> {
    // Anything that begins so is a server, not only what goes on with a colon.
    let like = |kind: &'static str| ini.sections().filter(move |section| section.starts_with(kind));
    let options = |section| Options { ini, section, names: environment.clone() };
    let inet = like("inet_http_server").map(|section| inet(&options(section)));
    let unix = like("unix_http_server").map(|section| unix(&options(section), here, surroundings));
    inet.chain(unix).collect()
}

fn inet(options: &Options<'_>) -> Result<Server, String> {
    let login = login(options)?;
    let port = options.get("port")?.ok_or_else(|| format!("section [{}] has no port value", options.section))?;
    let (host, port) = value::inet_address(&port)?;
    Ok(Server { section: options.section.to_owned(), address: Address::Inet { host, port }, login })
}

fn unix(options: &Options<'_>, here: &str, surroundings: &Surroundings) -> Result<Server, String> {
    // Only the path knows %(here)s.
    let mut with_here = Options { names: options.names.clone(), ..*options };
    with_here.names.text("here", here);
    let path = with_here.get("file")?.ok_or_else(|| format!("section [{}] has no file value", options.section))?;
    let login = login(options)?;
    let owner = options.find("chown", |text| {
        account::owner(text, surroundings).ok_or_else(|| format!("Invalid sockchown value {text}"))
    })?;
    let mode = options.take("chmod", 0o700, |text| {
        value::octal_type(text).map(number::mode).map_err(|_| format!("Invalid chmod value {text}"))
    })?;
    Ok(Server {
        section: options.section.to_owned(),
        address: Address::Unix { path: surroundings.normalize_path(path.trim()).into(), mode, owner },
        login,
    })
}

fn login(options: &Options<'_>) -> Result<Option<(String, String)>, String> {
    match (options.get("username")?, options.get("password")?) {
        (Some(username), Some(password)) => Ok(Some((username, password))),
        (None, None) => Ok(None),
        _ => Err(format!(
            "Section [{}] contains incomplete authentication: If a username or a password is specified, both the username \
             and password must be specified",
            options.section
        )),
    }
}
