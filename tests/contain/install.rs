//! `packaging/install.sh` in a real image: ours stand before the originals, and afterwards nothing of it is left.

use crate::support::docker::{self, Container};
use std::fs;
use std::path::Path;
use std::process::Output;

const INSTALL: &str = "/shared/packaging/install.sh";

/// What is laid beside each other in /shared, as in the repository. (The test program may run where that is not.)
const SOURCE: [(&str, &str); 5] = [
    ("packaging/install.sh", include_str!("../../packaging/install.sh")),
    ("packaging/completions/bash/free", "a completion"),
    ("packaging/completions/zsh/_free", "another"),
    ("packaging/completions/fish/free.fish", "a third"),
    ("man/free.1", "a page"),
];

fn container() -> Option<Container> {
    if !docker::available() {
        return None;
    }
    let container = Container::start(&["--memory", "256m"], &["sh", "-c", "echo ready; exec sleep infinity"]);
    for (path, text) in SOURCE {
        let file = container.shared.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    Some(container)
}

/// Every file of the image: its path, kind, mode, the link's target.
fn files(container: &Container) -> String {
    container.prints(&["sh", "-c", "find / -xdev -printf '%p %y %m %l\n' | sort"])
}

fn install(container: &Container, args: &str) -> Output {
    container.exec(&["sh", "-c", &format!("sh {INSTALL} {args}")])
}

/// What it said, where it must fail with this code.
fn refusal(output: &Output, code: i32) -> String {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert_eq!(said.lines().count(), 1, "one line: {said}");
    said
}

fn succeeds(output: &Output) {
    let said = [&output.stdout[..], &output.stderr[..]].concat();
    assert!(output.status.success() && said.is_empty(), "{}", String::from_utf8_lossy(&said));
}

#[test]
fn ours_stand_before_the_originals_and_leave_nothing_behind() {
    let Some(container) = container() else { return };
    let is_ours = |tool: &str| container.prints(&["sh", "-c", &format!("{tool} --version")]).contains("(Vat ");
    let before = files(&container);
    assert!(!is_ours("free"));

    succeeds(&install(&container, "--from /vat"));
    for tool in ["free", "uptime", "df", "nproc", "top"] {
        assert!(is_ours(tool), "{tool}");
        assert_eq!(container.prints(&["sh", "-c", &format!("command -v {tool}")]), format!("/usr/local/bin/{tool}"));
    }
    let memory = container.prints(&["free", "-b"]);
    assert!(memory.split_whitespace().any(|word| word == "268435456"), "{memory}");
    let installed = files(&container);
    succeeds(&install(&container, "--from /vat"));
    assert_eq!(files(&container), installed, "installed twice");

    // By the copy that lies in the image, for the source is gone from it.
    succeeds(&container.exec(&["/usr/lib/vat/install.sh", "--uninstall"]));
    assert!(!is_ours("free"));
    assert_eq!(files(&container), before);
    assert!(refusal(&install(&container, "--uninstall"), 1).contains("nothing is installed"));
}

#[test]
fn what_is_not_ours_is_never_touched() {
    let Some(container) = container() else { return };
    container.prints(&["sh", "-c", "echo '#!/bin/sh' >/usr/local/bin/uptime; ln -s nowhere /usr/local/bin/nproc"]);
    let before = files(&container);
    let said = refusal(&install(&container, "--from /vat"), 1);
    assert_eq!(
        said,
        "install.sh: /usr/local/bin/uptime exists and is not ours: move it away, or name the programs to install\n"
    );
    assert!(refusal(&install(&container, "--from /vat nproc"), 1).contains("/usr/local/bin/nproc exists"));
    assert_eq!(files(&container), before, "a refusal changes nothing");

    succeeds(&install(&container, "--from /vat free df"));
    // Somebody puts his own in place of ours.
    container.prints(&["sh", "-c", "ln -sf /bin/true /usr/local/bin/free"]);
    succeeds(&install(&container, "--uninstall"));
    let after = files(&container);
    assert!(after.contains("/usr/local/bin/free l 777 /bin/true"), "{after}");
    container.prints(&["rm", "/usr/local/bin/free"]);
    assert_eq!(files(&container), before);
}

#[test]
fn vat_init_takes_other_names_when_asked_to() {
    let Some(container) = container() else { return };
    let before = files(&container);
    let asked = "--from /vat vat-init --as supervisord --as supervisorctl --as tini --as dumb-init";
    succeeds(&install(&container, asked));
    let prints = |command: &str| container.prints(&["sh", "-c", command]);
    assert_eq!(prints("command -v supervisord && supervisord -v"), "/usr/local/bin/supervisord\n4.3.0");
    assert!(prints("tini --version").starts_with("tini version "));
    assert_eq!(prints("tini -- echo hello && dumb-init echo hello"), "hello\nhello");
    assert_eq!(container.prints(&["readlink", "/usr/local/bin/supervisorctl"]), "/usr/lib/vat/bin/vat-initctl");
    let installed = files(&container);
    succeeds(&install(&container, asked));
    assert_eq!(files(&container), installed, "installed twice");
    // Somebody takes a name back.
    prints("ln -sf /bin/true /usr/local/bin/tini");
    succeeds(&container.exec(&["/usr/lib/vat/install.sh", "--uninstall"]));
    assert_eq!(container.prints(&["readlink", "/usr/local/bin/tini"]), "/bin/true");
    let said = refusal(&install(&container, asked), 1);
    assert!(said.contains("/usr/local/bin/tini exists and is not ours"), "{said}");
    assert!(refusal(&install(&container, "--as free"), 2).contains("--as needs supervisord"));
    container.prints(&["rm", "/usr/local/bin/tini"]);
    assert_eq!(files(&container), before);
}

#[test]
fn it_says_in_one_line_why_it_cannot() {
    let Some(container) = container() else { return };
    let before = files(&container);
    let unprivileged = container.exec_with(&["--user", "vat"], &["sh", "-c", &format!("sh {INSTALL} --from /vat")]);
    assert!(refusal(&unprivileged, 1).contains("are you root?"));
    let late = container.exec(&["sh", "-c", &format!("PATH=/usr/bin:/bin:/usr/local/bin sh {INSTALL} --from /vat")]);
    assert!(refusal(&late, 1).contains("/usr/local/bin comes after /usr/bin/free on PATH"));
    let off = container.exec(&["sh", "-c", &format!("sh {INSTALL} --from /vat --prefix /opt/vat")]);
    assert!(refusal(&off, 1).contains("/opt/vat/bin comes after /usr/bin/free on PATH"));
    assert!(refusal(&install(&container, "--from /etc"), 1).contains("no program free in /etc"));
    assert!(refusal(&install(&container, "--form /vat"), 2).contains("--form is neither"));
    assert!(refusal(&install(&container, "--from"), 2).contains("needs a directory"));
    assert_eq!(files(&container), before);
}

#[test]
fn an_image_that_is_being_built() {
    let Some(container) = container() else { return };
    let before = files(&container);
    succeeds(&install(&container, "--from /vat --root /tmp/image --docs"));
    let made = container.prints(&["sh", "-c", "cd /tmp/image; find . -type f -o -type l"]);
    for file in [
        "./usr/lib/vat/bin/free",
        "./usr/local/bin/free",
        "./usr/local/share/man/man1/free.1",
        "./usr/local/share/bash-completion/completions/free",
        "./usr/local/share/zsh/site-functions/_free",
        "./usr/local/share/fish/vendor_completions.d/free.fish",
    ] {
        assert!(made.lines().any(|line| line == file), "{file} is not in\n{made}");
    }
    assert_eq!(container.prints(&["readlink", "/tmp/image/usr/local/bin/free"]), "/usr/lib/vat/bin/free");
    // Laid over an image and taken out there, it takes none of the image's own directories with it.
    container.prints(&["cp", "-a", "/tmp/image/.", "/"]);
    assert!(container.prints(&["free", "--version"]).contains("(Vat "));
    succeeds(&container.exec(&["/usr/lib/vat/install.sh", "--uninstall"]));
    succeeds(&install(&container, "--root /tmp/image --uninstall"));
    assert_eq!(container.prints(&["find", "/tmp/image", "!", "-type", "d"]), "");
    container.prints(&["rm", "-r", "/tmp/image"]);
    let after = files(&container);
    let lost: Vec<&str> = before.lines().filter(|line| !after.lines().any(|other| other == *line)).collect();
    assert!(lost.is_empty(), "{lost:#?}");
    let left: Vec<&str> = after.lines().filter(|line| !before.lines().any(|other| other == *line)).collect();
    assert!(left.iter().all(|line| line.contains(" d ")), "only empty directories are left: {left:#?}");
}

#[test]
fn an_image_that_has_only_busybox() {
    let Some(container) = container() else { return };
    if !Path::new("/bin/busybox").exists() {
        return eprintln!("not on this machine: it has no busybox");
    }
    fs::copy("/bin/busybox", container.shared.join("busybox")).unwrap();
    container.prints(&["sh", "-c", "mkdir /bb && /shared/busybox --install -s /bb"]);
    let before = files(&container);
    let run = |command: &str| container.exec(&["env", "-i", "PATH=/usr/local/bin:/bb", "/bb/sh", "-c", command]);
    succeeds(&run(&format!("/bb/sh {INSTALL} --from /vat")));
    // Not from its shell, which may take an applet before what is on PATH.
    let version = container.exec_with(&["--env", "PATH=/usr/local/bin:/bb"], &["free", "--version"]);
    assert!(String::from_utf8_lossy(&version.stdout).contains("(Vat "), "{version:?}");
    succeeds(&run("/bb/sh /usr/lib/vat/install.sh --uninstall"));
    assert_eq!(files(&container), before);
}
