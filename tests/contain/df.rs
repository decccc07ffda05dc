//! The truth of `df`: what it says is available can be written, and nothing that is no disk is listed.

use crate::support::docker::{self, Container};

const MIB: i64 = 1 << 20;

/// Size and available bytes of the filesystem at a path, as our df says, run by the unprivileged user of the image.
fn df(container: &Container, path: &str) -> (i64, i64) {
    let text = container.prints(&["/vat/df", "-B1", "--output=size,avail", path]);
    let mut numbers =
        text.lines().nth(1).expect("a row").split_whitespace().map(|word| word.parse().expect("a number"));
    (numbers.next().expect("size"), numbers.next().expect("avail"))
}

/// How many bytes an unprivileged user can write to a file there before the kernel says that there is no room.
fn writable(container: &Container, file: &str) -> i64 {
    let script = format!("dd if=/dev/zero of={file} bs=64k 2>/dev/null; sync {file}; stat -c %s {file}");
    let output = container.exec_with(&["--user", "1000:1000"], &["sh", "-c", &script]);
    String::from_utf8_lossy(&output.stdout).trim().parse().unwrap_or_else(|_| panic!("{output:?}"))
}

fn assert_within_percent(what: &str, available: i64, written: i64, percent: f64) {
    let off = (written - available) as f64 * 100.0 / available as f64;
    println!("| {what} | {:.1} | {:.1} | {off:+.2} % |", available as f64 / MIB as f64, written as f64 / MIB as f64);
    assert!(off.abs() <= percent, "{what}: df said {available} bytes, {written} were written: {off:+.2} %");
}

#[test]
fn what_is_available_can_be_written() {
    if !docker::available() {
        return;
    }
    println!("| filesystem | available | written | off |\n| --- | --- | --- | --- |");
    // A volume that is a filesystem of its own: an ext4 in a file, with the reserve that only root may use.
    let image = std::env::temp_dir().join(format!("vat-test-volume-{}", std::process::id()));
    let volume = Mounted::ext4(&image, 64);
    let bind = format!("{}:/data", volume.dir.display());
    let limits = ["--memory", "256m", "--memory-swap", "256m"];
    let container =
        Container::loaded(&[&limits[..], &["-v", &bind, "--tmpfs", "/small:size=32m,mode=1777"]].concat(), &[]);
    container.prints(&["chmod", "1777", "/data"]);
    assert_within_percent("a volume (ext4)", df(&container, "/data").1, writable(&container, "/data/fill"), 1.0);
    assert_within_percent("a tmpfs with a size", df(&container, "/small").1, writable(&container, "/small/fill"), 1.0);
    drop(container);
}

/// An ext4 filesystem in a file, mounted; gone when dropped.
struct Mounted {
    dir: std::path::PathBuf,
    image: std::path::PathBuf,
}

impl Mounted {
    fn ext4(image: &std::path::Path, mib: u32) -> Mounted {
        let dir = image.with_extension("dir");
        let script = format!(
            "set -e; truncate -s {mib}M {image}; mkfs.ext4 -q {image}; mkdir {dir}; mount -o loop {image} {dir}",
            image = image.display(),
            dir = dir.display()
        );
        let output = std::process::Command::new("sh").args(["-c", &script]).output().expect("sh");
        assert!(output.status.success(), "{output:?}");
        Mounted { dir, image: image.to_owned() }
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg(&self.dir).status();
        let _ = std::fs::remove_dir(&self.dir);
        let _ = std::fs::remove_file(&self.image);
    }
}

#[test]
fn a_tmpfs_holds_no_more_than_the_memory() {
    if !docker::available() {
        return;
    }
    let options = ["--memory", "128m", "--memory-swap", "128m", "--tmpfs", "/big:size=4g,mode=1777"];
    let container = Container::loaded(&options, &[]);
    let (size, available) = df(&container, "/big");
    assert_eq!(size, 128 * MIB);
    // Here the OOM killer comes, not ENOSPC; it takes the writer, whose pages stay.
    let script = "echo 1000 >/proc/self/oom_score_adj; exec dd if=/dev/zero of=/big/fill bs=64k";
    container.exec(&["sh", "-c", script]);
    // The memory is full of it: not even stat runs in there any more.
    let fill = format!("/proc/{}/root/big/fill", container.inspect("{{.State.Pid}}"));
    let written = std::fs::metadata(&fill).expect("the file, seen from outside").len() as i64;
    let off = (written - available) as f64 * 100.0 / (128 * MIB) as f64;
    println!("| a tmpfs larger than memory | {available} | {written} | {off:+.2} % of the limit |");
    assert!(off.abs() <= 2.0, "df said {available} bytes, {written} were written: {off:+.2} % of the limit");
}

#[test]
fn a_quota_of_the_root_is_the_truth_already() {
    if !docker::available() {
        return;
    }
    // Only xfs with project quotas can do this; Docker says so at once where it cannot.
    let probe = ["run", "--rm", "--storage-opt", "size=64M", docker::IMAGE, "true"];
    if !std::process::Command::new("docker").args(probe).output().expect("docker").status.success() {
        return docker::elsewhere("its Docker has no quotas");
    }
    let container = Container::loaded(&["--storage-opt", "size=64M"], &[]);
    container.prints(&["chmod", "1777", "/"]);
    let (size, available) = df(&container, "/");
    assert_eq!(size, 64 * MIB);
    assert_within_percent("a root with a quota (xfs)", available, writable(&container, "/fill"), 1.0);
}

#[test]
fn the_hosts_quota_record_bounds_the_root() {
    if !docker::available() {
        return;
    }
    let host = std::env::temp_dir().join(format!("vat-test-host-{}", std::process::id()));
    std::fs::create_dir_all(&host).expect("a directory for the record");
    std::fs::write(host.join("instance.json"), format!(r#"{{"limits": {{"disk": {}}}}}"#, 100 * MIB))
        .expect("the record");
    std::fs::write(host.join("disk"), format!("{}\n", 30 * MIB)).expect("the measured use");
    let container = Container::loaded(&["-v", &format!("{}:/run/vat/host:ro", host.display())], &[]);
    let text = container.prints(&["/vat/df", "-B1M", "/"]);
    let row: Vec<&str> = text.lines().nth(1).expect("a row").split_whitespace().collect();
    assert_eq!(row[1..5], ["100", "30", "70", "30%"], "{text}");
    drop(container);
    std::fs::remove_dir_all(&host).expect("the record to be gone");
}

#[test]
fn what_is_no_disk_is_not_listed() {
    if !docker::available() {
        return;
    }
    let container = Container::loaded(&["--memory", "128m"], &[]);
    let listed = container.prints(&["/vat/df", "--output=target"]);
    let listed: Vec<&str> = listed.lines().skip(1).collect();
    assert_eq!(listed.first(), Some(&"/"), "the root comes first: {listed:?}");
    for hidden in ["/etc/hosts", "/etc/hostname", "/etc/resolv.conf", "/proc/acpi", "/sys/firmware"] {
        assert!(!listed.contains(&hidden), "{hidden}: {listed:?}");
        let asked = container.prints(&["/vat/df", "--output=target", hidden]);
        assert!(asked.lines().nth(1).is_some(), "{hidden} as an argument: {asked}");
    }
    let all = container.prints(&["/vat/df", "-a", "--output=target"]);
    assert!(all.lines().any(|line| line == "/etc/hosts") && all.lines().any(|line| line == "/proc/acpi"), "{all}");
}
