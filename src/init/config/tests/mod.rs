//! A machine that is written by hand, and configurations read on it.

mod additions;
mod changes;
mod traps;

use super::{Arguments, Config, Error, Files, Surroundings, path};
use crate::userland;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// Files by path; a directory is there when something is in it. There are no links, so that `..` needs no looking at.
pub(in crate::init) struct Written(BTreeMap<PathBuf, String>);

fn plain(path: &Path) -> PathBuf {
    path::normalized(path.to_str().unwrap()).into()
}

impl Files for Written {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.0.get(&plain(path)).map(|text| text.clone().into_bytes()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn exists(&self, path: &Path) -> bool {
        self.0.contains_key(&plain(path)) || self.is_directory(path)
    }

    fn is_directory(&self, path: &Path) -> bool {
        let path = plain(path);
        self.0.keys().any(|file| *file != path && file.starts_with(&path))
    }

    fn may_write(&self, directory: &Path) -> bool {
        directory != Path::new("/usr/tmp")
    }

    fn names(&self, directory: &Path) -> Vec<String> {
        let directory = plain(directory);
        let name = |file: &PathBuf| Some(file.strip_prefix(&directory).ok()?.iter().next()?.to_str()?.to_owned());
        let mut names: Vec<String> = self.0.keys().filter_map(name).collect();
        names.dedup();
        names
    }

    fn mode(&self, path: &Path) -> Option<u32> {
        self.0.get(path).map(|_| 0o644)
    }
}

/// A machine with these files.
pub(in crate::init) fn machine(files: &[(&str, &str)]) -> Surroundings {
    let files = files.iter().map(|(path, text)| (PathBuf::from(path), (*text).to_owned()));
    let others = ["/srv/.x", "/tmp/.x", "/home/me/.profile", "/dev/stdout", "/dev/fd/1"]
        .map(|path| (PathBuf::from(path), String::new()));
    Surroundings {
        environment: vec![("PATH".to_owned(), "/usr/bin:/bin".to_owned())],
        host: "box".to_owned(),
        directory: "/srv".to_owned(),
        uid: 0,
        users: userland::logins(b"root:x:0:0::/root:/bin/sh\nme:x:1000:1000::/home/me:/bin/bash\n"),
        groups: userland::memberships(b"root:x:0:\nme:x:1000:\nadm:x:4:you,me\n"),
        files: Box::new(Written(files.chain(others).collect())),
    }
}

/// Reads a configuration, its `[supervisord]` left out.
fn read(text: &str) -> Result<Config, Error> {
    let text = format!("[supervisord]\n{text}");
    let arguments = Arguments { configuration: Some("/etc/s.conf".to_owned()), ..Arguments::default() };
    Config::read(&arguments, &machine(&[("/etc/s.conf", &text)]))
}

#[test]
fn the_file_is_found_as_supervisord_finds_it() {
    let found = |files: &[(&str, &str)]| {
        let arguments = Arguments { program: "/opt/vat/bin/supervisord".to_owned(), ..Arguments::default() };
        Config::find(&arguments, &machine(files)).map_err(|error| error.to_string())
    };
    let everywhere = [
        ("/opt/vat/etc/supervisord.conf", ""),
        ("/opt/vat/supervisord.conf", ""),
        ("/srv/supervisord.conf", ""),
        ("/srv/etc/supervisord.conf", ""),
        ("/etc/supervisord.conf", ""),
        ("/etc/supervisor/supervisord.conf", ""),
    ];
    let expected = everywhere.map(|(path, _)| path.strip_prefix("/srv/").unwrap_or(path).to_owned());
    for (i, expected) in expected.iter().enumerate() {
        assert_eq!(found(&everywhere[i..]).as_ref(), Ok(expected));
    }
    assert_eq!(
        found(&[]),
        Err(format!(
            "No config file found at default paths ({}); use the -c option to specify a config file at a different path",
            expected.join(", ")
        ))
    );
}

#[test]
fn a_user_has_its_groups_and_home() {
    let config = read("user=me\n[program:x]\ncommand=c\nuser=1000").unwrap();
    let user = config.daemon.user.unwrap();
    assert_eq!((user.uid, user.gid, user.groups.as_slice()), (1000, 1000, &[1000, 4][..]));
    assert_eq!((user.home.to_str(), user.shell.to_str()), (Some("/home/me"), Some("/bin/bash")));
    assert_eq!(config.groups[0].processes[0].user.as_ref(), Some(&user));
}

#[test]
fn paths_with_a_home_directory() {
    let machine = machine(&[]);
    for (path, expected) in [
        ("~/x", "/root/x"),
        ("~me/x", "/home/me/x"),
        ("~", "/root"),
        ("~you/x", "~you/x"),
        ("a~", "a~"),
        ("~me", "/home/me"),
    ] {
        assert_eq!(machine.expand_user(path), expected);
    }
    assert_eq!((machine.absolute("a/../b"), machine.normalize_path("~me/..")), ("/srv/b".into(), "/home".into()));
    assert_eq!(machine.temporary_directory(), "/tmp");
}

#[test]
fn patterns() {
    let machine =
        machine(&[("/c/a.conf", ""), ("/c/b.conf", ""), ("/c/.c.conf", ""), ("/c/d/e.conf", ""), ("/srv/x[1]", "")]);
    let glob = |pattern: &str| machine.glob(pattern).join(" ");
    assert_eq!((glob("/c/*.conf"), glob("/c/.*.conf")), ("/c/a.conf /c/b.conf".into(), "/c/.c.conf".into()));
    assert_eq!((glob("/*/*/?.conf"), glob("/c/**/e.conf")), ("/c/d/e.conf".into(), "/c/d/e.conf".into()));
    assert_eq!(
        (glob("x[[]1]"), glob("x[1]"), glob("/c/../c/[!a].conf")),
        ("x[1]".into(), "".into(), "/c/../c/b.conf".into())
    );
    assert_eq!((glob("/no/*/x"), glob("/c/a.conf"), glob("/c/z.conf")), ("".into(), "/c/a.conf".into(), "".into()));
}

#[test]
fn more_processes_than_any_machine_runs_are_an_error() {
    for (numprocs, start) in [("65537", "0"), ("9223372036854775807", "9223372036854775807")] {
        let text = format!(
            "[program:x]\ncommand=c\nprocess_name=%(process_num)d\nnumprocs={numprocs}\nnumprocs_start={start}"
        );
        assert!(read(&text).unwrap_err().to_string().starts_with(&format!("numprocs={numprocs} is more than 65536")));
    }
}
