//! What `vat::ini` reads beside CPython and supervisor's own modules: thousands of plausible and hostile texts, the same in each run.

use serde_json::{Value as Json, json};
use std::fmt::Display;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use vat::ini::value::{self, Account, Autorestart, FcgiSocket, LogfileName};
use vat::ini::{self, Ini, Names};

/// A question for the original, and our answer.
struct Question {
    /// The name of the function in `answer.py` or datatypes.py, and its arguments.
    asked: Json,
    ours: Json,
}

impl Question {
    fn new<T: Into<Json>, E: Display>(asked: Json, ours: Result<T, E>) -> Question {
        let ours = match ours {
            Ok(answer) => json!([true, answer.into()]),
            Err(error) => json!([false, error.to_string()]),
        };
        Question { asked, ours }
    }
}

#[test]
fn files() {
    let mut dice = Dice::new(1);
    let whole = include_str!("python/supervisord.conf");
    let told = vec![["main.conf".to_owned(), whole.to_owned(), "/etc".to_owned()]];
    let made = (0..6000).map(|_| {
        let count = 1 + dice.below(3);
        let text = |name: &&str| [(*name).to_owned(), file(&mut dice), format!("/here/{name} ")];
        ["main.conf", "it's.conf", "a \"b\".conf"][..count].iter().map(text).collect::<Vec<_>>()
    });
    ask(std::iter::once(told).chain(made).map(|texts| Question::new(json!(["ini", texts]), read(&texts))));
}

fn read(texts: &[[String; 3]]) -> Result<Json, ini::ReadError> {
    let mut ini = Ini::new();
    for [name, text, here] in texts {
        ini.read(text, name)?;
        ini.expand_here(here);
    }
    let section = |name| {
        let options: Vec<(&str, &str)> = ini.options(name).collect();
        assert!(options.iter().all(|(option, value)| ini.get(name, option) == Some(value)));
        json!([name, options, ini.file_of(name)])
    };
    Ok(ini.sections().map(section).collect())
}

/// A text like a configuration: lines of all kinds, or now and then anything.
fn file(dice: &mut Dice) -> String {
    const LINES: &[&str] = &[
        "[supervisord]",
        "[program:x]",
        "[DEFAULT]",
        "[ a b ] rest",
        "[]",
        "[]]",
        "[x]y]",
        " [a]",
        "[a",
        "; comment",
        "  # comment",
        "",
        "",
        "   ",
        "key",
        "=value",
        ": v",
        "key=",
        "\u{feff}",
        "\u{feff}[a]",
    ];
    const NAMES: &[&str] = &["command", "Command", "key", "k y", "ÖÄ", "İ", "ΑΣ", "a[0]", "key\t", "%(here)s", "'k'"];
    const WORDS: &[&str] = &[
        "a",
        "b c",
        "%(here)s",
        "%(here)s/%(here)s",
        "100%%",
        "'x ; y'",
        "\"x # y\"",
        ";",
        "#",
        " ;",
        " #",
        "\t;",
        "\u{a0}#",
        "\u{1c};",
        "a;b",
        "a#b",
        "=",
        ":",
        "[x]",
        "\\",
        "'",
        "\"",
        "ö",
        "\u{2028}",
        "\u{85}",
        "\0",
        "\x0b",
        "\x1e ",
        "http://h:1/#x",
    ];
    const ENDS: &[&str] = &["\n", "\n", "\n", "\n", "\r\n", "\r", "\n\n", ""];
    if dice.below(8) == 0 {
        return dice.pick_many(&[LINES, NAMES, WORDS, ENDS].concat(), 25);
    }
    let mut text = if dice.below(10) == 0 { String::new() } else { "[a]\n".to_owned() };
    for _ in 0..dice.below(12) {
        text.push_str(dice.pick(&["", "", "", " ", "  ", "\t", "\u{a0}", "\u{3000} "]));
        match dice.below(6) {
            // A line that is wrong fails all of the file.
            0 if dice.below(3) == 0 => text.push_str(dice.pick(LINES)),
            0 => text.push_str(dice.pick(&LINES[..4])),
            1 => text.push_str(&dice.pick_many(WORDS, 3)),
            _ => {
                text.push_str(dice.pick(NAMES));
                text.push_str(dice.pick(&["=", " = ", ":", " :\t", "\u{2003}=", "==", "=:"]));
                text.push_str(&dice.pick_many(WORDS, 5));
            }
        }
        text.push_str(dice.pick(ENDS));
    }
    text
}

#[test]
fn formats() {
    const PIECES: &[&str] = &[
        "%", "%", "%", "%%", "(a)", "(n)", "(z)", "(m)", "(b)", "(f(x))", "(", ")", "(nope)", "()", "s", "s", "d", "i",
        "u", "o", "x", "X", "e", "E", "f", "F", "g", "G", "c", "r", "a", "-", "+", " ", "#", "0", "5", "12", ".", ".3",
        "*", "h", "l", "L", "ö", "\u{7f}", "y", "'",
    ];
    let numbers =
        [0, 7, -9, 65, 8364, 100_000, 999_999, 1_000_000, -123_456_789, 9_007_199_254_740_993, i64::MAX, i64::MIN];
    let mut dice = Dice::new(2);
    ask((0..20_000).filter_map(|_| {
        let mut asked = vec![("a".to_owned(), json!("text")), ("b".to_owned(), json!("it's ö€\u{1f600}\n"))];
        let mut names = Names::new();
        names.text("a", "text");
        names.text("b", "it's ö€\u{1f600}\n");
        for name in ["z", "n", "m", "f(x)"] {
            let number = numbers[dice.below(numbers.len())];
            names.number(name, number);
            asked.push((name.to_owned(), json!(number)));
        }
        names.text("c", "ö");
        asked.push(("c".to_owned(), json!("ö")));
        let mut value = String::new();
        for _ in 0..=dice.below(3) {
            if dice.below(2) == 0 {
                value.push_str(&dice.pick_many(PIECES, 8));
            } else {
                value.push_str(dice.pick(&["%(n)", "%(m)", "%(a)", "%(b)", "%(c)", "%"]));
                value.push_str(&dice.pick_many(&["-", "+", " ", "#", "0"], 3));
                value.push_str(dice.pick(&["", "", "1", "6", "12", "40"]));
                value.push_str(dice.pick(&["", "", ".", ".0", ".1", ".3", ".20"]));
                value.push_str(dice.pick(&["d", "i", "o", "x", "X", "e", "E", "f", "F", "g", "G", "c", "s", "r", "a"]));
            }
        }
        // Ours writes nothing that is wider than four digits can say.
        let is_wide = value.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() > 4);
        let what = dice.pick(&["program:x.command", "environment", "it's"]);
        (!is_wide).then(|| Question::new(json!(["expand", value, asked, what]), ini::expand(&value, &names, what)))
    }));
}

#[test]
fn words_and_pairs() {
    const PIECES: &[&str] = &[
        "a",
        "KEY",
        "=",
        "=",
        ",",
        ",",
        " ",
        "\t",
        "\n",
        "\r",
        "'",
        "\"",
        "\\",
        "\\\"",
        "#",
        "x;y",
        "/bin/sh",
        "-c",
        "%",
        "@",
        "ö",
        "\u{a0}",
        "\0",
        "'q, q'",
        "\"q\\q\"",
        "A=1",
        "B=\"2\"",
        "C='3',",
        "''",
        "\"\"",
        "1.5+(2):3",
    ];
    let mut dice = Dice::new(3);
    ask((0..8000).flat_map(|_| {
        let text = dice.pick_many(PIECES, 12);
        let pairs = ini::pairs(&text).map(|pairs| json!(pairs));
        [Question::new(json!(["split", text]), ini::split(&text)), Question::new(json!(["pairs", text]), pairs)]
    }));
}

#[test]
fn text() {
    let mut dice = Dice::new(4);
    let all = (0..=u32::from(char::MAX)).step_by(7).filter_map(char::from_u32);
    // Elsewhere Unicode goes on assigning, and the original's tables are older than ours.
    let is_settled = |c: &char| {
        matches!(c, ..'\u{800}' | '\u{2000}'..'\u{2b00}' | '\u{3000}'..'\u{a000}' | '\u{d000}'..'\u{fb00}')
            || matches!(c, '\u{fe00}'..'\u{10000}' | '\u{1f300}'..'\u{1f600}' | '\u{e0000}'..)
    };
    let texts = all.filter(is_settled).map(String::from).collect::<Vec<_>>();
    ask(texts
        .into_iter()
        .chain((0..500).map(|_| dice.pick_many(&["'", "\"", "\\", "\n", "\t", "a", "ö", "\u{301}", "\u{1f600}"], 6)))
        .map(|text| {
            let ours: Result<_, String> = Ok(ini::repr(&text));
            Question::new(json!(["repr", text]), ours)
        }));
    ask((0..3000).map(|_| {
        let bytes: Vec<u8> = (0..dice.below(6))
            .map(|_| dice.pick(&[b'a', 0x80, 0xbf, 0xc0, 0xc3, 0xe0, 0xe2, 0xed, 0xf0, 0xf4, 0xf5, 0xff, 0x82, 0xa0]))
            .collect();
        Question::new(json!(["decode", bytes]), ini::decode(&bytes))
    }));
}

#[test]
fn values() {
    const PIECES: &[&str] = &[
        "0",
        "1",
        "5",
        "22",
        "255",
        "256",
        "9001",
        "65536",
        "-",
        "+",
        "_",
        " ",
        "\t",
        "\n",
        "\u{a0}",
        "\u{1c}",
        ".",
        ",",
        ",",
        "k",
        "kb",
        "MB",
        "Gb",
        "0o",
        "SIG",
        "TERM",
        "hup",
        "RTMIN",
        "_IGN",
        "sigusr1",
        "yes",
        "TRUE",
        "on",
        "off",
        "No",
        "unexpected",
        "info",
        "WARN",
        "blather",
        "auto",
        "NONE",
        "syslog",
        "unix://",
        "tcp://",
        "/tmp/x",
        ":",
        ":",
        "/",
        "//",
        "*",
        "Host",
        "localhost",
        "http:",
        "?",
        "#",
        "user",
        "é",
        "ẞ",
        "'",
        "\"",
        "x",
    ];
    const PLAUSIBLE: &[&str] = &[
        "",
        "1",
        "999",
        "-1",
        " 5 ",
        "1_000",
        "50MB",
        "5 kb",
        "1GB",
        "9223372036854775807",
        "99999999999999999999gb",
        "-99999999999999999999,1",
        "022",
        "0777",
        "0o22",
        "8",
        "0,2",
        "0, 1 ,255",
        "0,256",
        "TERM",
        "SIGKILL",
        "sigint",
        "16",
        "33",
        "34",
        "64",
        "SIG",
        "SIGSIGTERM",
        "SIG_DFL",
        "true",
        "False",
        "Unexpected",
        "debug",
        "CRITICAL",
        "warning",
        "none",
        "AUTO",
        "/var/log/x.log",
        "127.0.0.1:9001",
        "*:9001",
        "9001",
        ":80",
        "h:0",
        "h:65536",
        "h:",
        "a:b:1",
        "unix:///tmp/x.sock",
        "unix://x",
        "tcp://localhost:9000",
        "tcp://H:0",
        "tcp://a b:1",
        "tcp://h:1x",
        "tcp://[::1]:1",
        "http://localhost:9001",
        "http:",
        "http:x",
        "unix://",
        "x:?",
        "1:2",
        "nobody",
        "nobody:nogroup",
        "0:0",
        ":",
        "a b",
        "a:b",
        "a/b",
        " a ",
    ];
    let mut dice = Dice::new(5);
    let made = (0..6000).map(|_| dice.pick_many(PIECES, 5)).collect::<Vec<_>>();
    ask(PLAUSIBLE.iter().map(|text| (*text).to_owned()).chain(made).flat_map(|text| all_types(&text)));
}

fn all_types(text: &str) -> Vec<Question> {
    let account = |account| match account {
        Account::Id(id) => json!(["id", id]),
        Account::Name(name) => json!(["name", name]),
    };
    let (user, group) = value::colon_separated_user_group(text);
    let user_group: Result<_, String> = Ok(json!([account(user), group.map_or(json!(-1), account)]));
    let logfile: Result<_, String> = Ok(match value::logfile_name(text) {
        LogfileName::None => Json::Null,
        LogfileName::Auto => json!("auto"),
        LogfileName::Syslog => json!("syslog"),
        LogfileName::Path(path) => json!(["path", path]),
    });
    let autorestart = value::auto_restart(text).map(|restart| match restart {
        Autorestart::Always => json!("always"),
        Autorestart::Unexpected => json!("unexpected"),
        Autorestart::Never => json!(false),
    });
    let socket = value::fcgi_socket(text).map(|socket| match socket {
        FcgiSocket::Unix(path) => json!(["unix", path]),
        FcgiSocket::Tcp(host, port) => json!(["tcp", host, port]),
    });
    let strings: Result<_, String> = Ok(value::list_of_strings(text));
    let inet = value::inet_address(text).map(|address| json!(address));
    let question = |what: &str, ours: Result<Json, String>| Question::new(json!([what, text]), ours);
    vec![
        question("colon_separated_user_group", user_group),
        question("logfile_name", logfile),
        question("auto_restart", autorestart),
        question("fcgi_socket", socket),
        question("list_of_strings", strings.map(Json::from)),
        question("inet_address", inet),
        question("process_or_group_name", value::process_or_group_name(text).map(Json::from)),
        question("integer", value::integer(text).map(Json::from)),
        question("boolean", value::boolean(text).map(Json::from)),
        question("list_of_ints", value::list_of_ints(text).map(Json::from)),
        question("list_of_exitcodes", value::list_of_exitcodes(text).map(Json::from)),
        question("port_number", value::port_number(text).map(Json::from)),
        question("octal_type", value::octal_type(text).map(Json::from)),
        question("logging_level", value::logging_level(text).map(Json::from)),
        question("byte_size", value::byte_size(text).map(Json::from)),
        question("url", value::url(text).map(Json::from)),
        question("signal_number", value::signal_number(text).map(Json::from)),
    ]
}

/// Asks the original, and fails where it answers otherwise.
fn ask(questions: impl Iterator<Item = Question>) {
    let Some(supervisor) = std::env::var_os("VAT_SUPERVISOR") else {
        return super::skip("VAT_SUPERVISOR does not name a Python environment with supervisor 4.3.0");
    };
    let mut python = Command::new(Path::new(&supervisor).join("bin/python"))
        .args(["-X", "utf8", "-W", "ignore", "-c", include_str!("python/answer.py")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let questions: Vec<Question> = questions.collect();
    let asked: String = questions.iter().map(|question| format!("{}\n", question.asked)).collect();
    let mut stdin = python.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(asked.as_bytes()));
    let answers: Vec<Json> = BufReader::new(python.stdout.take().unwrap())
        .lines()
        .map(|line| serde_json::from_str(&line.unwrap()).unwrap())
        .collect();
    writer.join().unwrap().unwrap();
    assert!(python.wait().unwrap().success());
    assert_eq!(answers.len(), questions.len());

    let differ: Vec<String> = questions
        .iter()
        .zip(&answers)
        .filter(|(question, answer)| question.ours != **answer)
        .map(|(question, answer)| format!("{}\n  theirs: {answer}\n  ours:   {}", question.asked, question.ours))
        .collect();
    let succeeded = answers.iter().filter(|answer| answer[0] == true).count();
    println!("{} answers as the original's, {succeeded} of them values", questions.len() - differ.len());
    let shown = differ.iter().take(20).map(String::as_str).collect::<Vec<_>>();
    assert!(differ.is_empty(), "{} answers differ, such as\n\n{}", differ.len(), shown.join("\n"));
}

/// xorshift64: the same throws in each run.
struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 16) % limit as u64).unwrap()
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// At most so many, joined.
    fn pick_many(&mut self, of: &[&str], most: usize) -> String {
        (0..self.below(most + 1)).map(|_| self.pick(of)).collect()
    }
}
