//! top's rc files. What lies in toprc/ was written by procps 4.0.2 (`defaults`, `keys_*`), or is in the formats it reads; then
//! NAME.saved is what 4.0.2 writes by W after it has read NAME. `a` to `j` are the formats of older versions.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use vat::tools::procps::Procps::{self, Newest, V4_0_2};
use vat::tools::top::config::{Config, Window};
use vat::tools::top::field::Field;
use vat::tools::top::filter::Filter;
use vat::tools::top::rc::{self, Doubt, Refusal};

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fast/toprc")
}

fn file(name: &str) -> Vec<u8> {
    fs::read(directory().join(name)).unwrap()
}

fn write(config: &Config, version: Procps) -> Vec<u8> {
    rc::write(config, OsStr::new("top"), version)
}

fn text(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string().replace("\\n", "\n")
}

#[test]
fn the_defaults_are_those_of_the_original() {
    assert_eq!(text(&write(&Config::default(), V4_0_2)), text(&file("defaults")));
    assert_eq!(text(&write(&Config::default(), Newest)), text(&file("defaults")));
    for version in [V4_0_2, Newest] {
        assert_eq!(rc::read(&file("defaults"), version).unwrap().config, Config::default());
    }
}

#[test]
fn what_is_read_is_written_as_the_original_does() {
    let mut files = 0;
    for entry in fs::read_dir(directory()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.ends_with(".saved") {
            continue;
        }
        let saved = directory().join(format!("{name}.saved"));
        let expected = if saved.exists() { fs::read(saved).unwrap() } else { file(&name) };
        let read = rc::read(&file(&name), V4_0_2).unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"));
        assert_eq!(text(&write(&read.config, V4_0_2)), text(&expected), "{name}");
        assert_eq!(rc::read(&write(&read.config, V4_0_2), V4_0_2).unwrap().config, rounded(read.config), "{name}");

        let read = rc::read(&file(&name), Newest).unwrap();
        let again = rc::read(&write(&read.config, Newest), Newest).unwrap();
        assert_eq!(again.config, read.config, "{name}");
        files += 1;
    }
    assert!(files >= 18, "{files}");
}

/// 4.0.2 does not write thousandths as it reads them.
fn rounded(mut config: Config) -> Config {
    let text = write(&config, V4_0_2);
    config.delay = rc::read(&text, V4_0_2).unwrap().config.delay;
    config
}

#[test]
fn doubts() {
    let doubts = |text: &[u8]| rc::read(text, V4_0_2).unwrap().doubts;
    for sound in ["defaults", "k_filters", "k_tolerated"] {
        assert_eq!(doubts(&file(sound)), [], "{sound}");
    }
    assert_eq!(doubts(&file("k_flawed")), [Doubt::Flawed]);
    for older in ["a", "f", "g", "h", "i", "j"] {
        assert_eq!(doubts(&file(older)), [Doubt::Older], "{older}");
    }
    assert_eq!(doubts(&[&file("i")[..], b"pipe foo\n"].concat()), [Doubt::Flawed, Doubt::Older]);
}

#[test]
fn filters_and_lines_for_y() {
    let config = rc::read(&file("k_filters"), V4_0_2).unwrap().config;
    let filters: Vec<_> =
        config.windows[0].filters.iter().map(|filter| (filter.text.as_slice(), filter.case)).collect();
    assert_eq!(filters, [(&b"!USER=root"[..], false), (b"COMMAND=  x  ", true), (b"%CPU>0.0", false)]);
    let lines = ["# for Y", "pipe\tOpen Files\tlsof -P -p %d", "", "file\tNUMA\t/proc/%d/numa_maps"];
    assert_eq!(config.inspect, lines.map(|line| line.as_bytes().to_vec()));
}

#[test]
fn refusals_are_those_of_the_original() {
    let base = String::from_utf8(file("defaults")).unwrap();
    let read = |text: &str| rc::read(text.as_bytes(), V4_0_2).map(drop);
    let first_lines = |count: usize| base.split_inclusive('\n').take(count).collect::<String>();
    for count in 0..=31 {
        let expected = match count {
            0..2 => Err(Refusal::Incompatible),
            2..9 => Err(Refusal::Window(1)),
            9..16 => Err(Refusal::Window(2)),
            16..23 => Err(Refusal::Window(3)),
            23..30 => Err(Refusal::Window(4)),
            _ => Ok(()),
        };
        assert_eq!(read(&first_lines(count)), expected, "{count} lines");
    }
    for (from, to) in [
        ("Id:k", "Id:b"),
        ("Id:k", "Id:e"),
        ("Id:k", "Id:l"),
        ("Id:k", "Id:A"),
        ("Id:k", "  Id:k"),
        ("altscr=0", "altscr=2"),
        ("altscr=0", "altscr=-1"),
        ("irixps=1", "irixps=7"),
        ("time=3.0", "time=3"),
        ("time=3.0", "time=3."),
        ("time=3.0", "time=.5"),
        ("time=3.0", "time=-1.0"),
        ("time=3.0", "time=1,5"),
        ("time=3.0", "time=inf"),
        ("Curwin=0", "Curwin=4"),
        ("Curwin=0", "Curwin=-1"),
        (", Curwin=0", ""),
        ("Curwin", "Cur\0win"),
    ] {
        assert_eq!(read(&base.replacen(from, to, 1)), Err(Refusal::Incompatible), "{to}");
    }
    for (from, to) in [
        ("Def\t", "\t"),
        ("Def\t", "Defg\t"),
        ("Def\t", "A B\t"),
        ("  75   81", "  75   75"),
        ("  75   81", "  75   76"),
        ("  75   81", "  75    0"),
        ("  75   81", "  75  -81"),
        ("  75   81", "  75    x"),
        ("  75   81", "  75  230"),
        ("sortindx=18", "sortindx=78"),
        ("sortindx=18", "sortindx=-1"),
        ("sortindx=18", "sortindx="),
        ("maxtasks=0", "maxtasks=-1"),
        ("graph_cpus=0", "graph_cpus=3"),
        ("graph_mems=0", "graph_mems=-1"),
        ("double_up=0", "double_up=8"),
        ("combine_cpus=0", "combine_cpus=-1"),
        ("core_types=0", "core_types=4"),
        ("core_types=0", "core_types=0, cores_vs_cpus=1"),
        ("winflags=193844", "winflags=0x10"),
        ("winflags=193844, sortindx=18", "sortindx=18, winflags=193844"),
        ("summclr=1", "summclr=256"),
        ("taskclr=1", "taskclr=-1"),
        (", taskclr=1", ""),
    ] {
        assert_ne!(base.replacen(from, to, 1), base, "{from}");
        assert_eq!(read(&base.replacen(from, to, 1)), Err(Refusal::Window(1)), "{to:?}");
    }
    assert_eq!(read(&base.replacen("taskclr=1", "taskclr=1, task_xy=4", 1)), Err(Refusal::Window(2)));
    for (from, to) in [
        ("top's Config File", "anything"),
        ("Curwin=0\n", "Curwin=0\r\n"),
        (" 272", " 72"),
        (" 272", " 999999999999"),
        (" 272", " 272 274 276"),
        ("double_up=0", "double_up=7"),
        ("Fixed_widest=0", "Fixed_widest=x"),
        ("Summ_mscale=1", "Summ_mscale=99"),
    ] {
        assert_eq!(read(&base.replacen(from, to, 1)), Ok(()), "{to:?}");
    }
    let message = |refusal: Refusal| refusal.message(Path::new("/h/.toprc"));
    assert_eq!(message(Refusal::Incompatible), "incompatible rcfile, you should delete '/h/.toprc'");
    assert_eq!(message(Refusal::Window(2)), "window entry #2 corrupt, please delete '/h/.toprc'");
}

#[test]
fn what_4_0_2_cannot_read_is_written_for_the_newest() {
    let mut config = Config::default();
    config.windows[1].columns.rotate_right(1);
    assert!(
        write(&config, Newest).starts_with(b"top's Config File (Linux processes with windows)\nId:k"),
        "nFD is hidden"
    );
    config.windows[1].columns[0].1 = true;
    config.windows[1].sort = Field::Nfd;
    config.windows[2].cores_vs_cpus = Some(1);
    config.windows.iter_mut().for_each(|window| _ = window.cores_vs_cpus.get_or_insert(0));
    config.windows[3].core_types = 2;
    config.delay = 1.05;
    config.windows[3].filters.push(Filter::parse(b"nFD>100", true, Newest).unwrap());
    let text = write(&config, Newest);
    assert!(text.starts_with(b"top's Config File (Linux processes with windows)\nId:n"));
    let read = rc::read(&text, Newest).unwrap();
    assert_eq!((read.config, read.doubts), (config, vec![]));
    assert_eq!(rc::read(&text, V4_0_2), Err(Refusal::Incompatible));
}

#[test]
fn long_and_hostile_files() {
    let mut long = file("defaults");
    long.extend(std::iter::repeat_n(b'x', 1 << 20));
    assert_eq!(rc::read(&long, V4_0_2).unwrap().doubts, [Doubt::Flawed]);
    let base = String::from_utf8(file("defaults")).unwrap();
    let many = base.replacen("75 ", &"75 ".repeat(1 << 18), 1);
    assert_eq!(rc::read(many.as_bytes(), V4_0_2), Err(Refusal::Window(1)));
    let many = base.replacen(" 272 ", &" 272 ".repeat(1 << 18), 1);
    assert!(rc::read(many.as_bytes(), V4_0_2).is_ok());
    for name in ["a", "f", "i", "j", "k_filters"] {
        let good = file(name);
        for at in 0..good.len() {
            let _ = rc::read(&good[..at], Newest);
            let mut bad = good.clone();
            bad[at] ^= 0x95;
            if let Ok(read) = rc::read(&bad, Newest) {
                let again = rc::read(&write(&read.config, Newest), Newest).unwrap();
                assert_eq!(again.config.windows.map(told), read.config.windows.map(told), "{name} {at}");
            }
        }
    }
}

/// A window of a file that tells all.
fn told(mut window: Window) -> Window {
    window.cores_vs_cpus.get_or_insert(0);
    // Hidden fields of ours go to the end where they need not be told of.
    let ours = |field: Field| [Field::Cls, Field::Docker, Field::Nfd].contains(&field);
    window.columns.sort_by_key(|(field, shown)| !shown && ours(*field));
    window
}
