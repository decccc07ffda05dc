//! A `vat-init` of a test's own: its configuration, its main log, its methods.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use vat::rpc::{self, Call, Reply, Value};
use vat::sys;

/// What is waited for comes sooner, or it never does.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often it is looked for.
const BEAT: Duration = Duration::from_millis(10);

/// The program itself.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_vat-init");

/// A daemon that runs in a fresh directory; when this is dropped both are gone.
pub struct Supervised {
    /// Where its configuration (`conf`), socket (`socket`), log (`log`) and AUTO logs are; `%(here)s` for the configuration.
    pub dir: PathBuf,
    child: Child,
}

impl Supervised {
    /// Starts one with these sections (`[program:x]` and so on), and waits until it answers.
    pub fn start(sections: &str) -> Supervised {
        Supervised::start_with("", sections)
    }

    /// The same with more options in `[supervisord]`.
    pub fn start_with(options: &str, sections: &str) -> Supervised {
        let supervised = Supervised::begin(options, sections);
        supervised.until_it_answers();
        supervised
    }

    /// Waits until it answers.
    pub fn until_it_answers(&self) {
        self.until("an answer", || self.try_call("supervisor.getState", vec![]).and_then(Result::ok));
    }

    /// The same without waiting.
    pub fn begin(options: &str, sections: &str) -> Supervised {
        Supervised::begin_by(options, sections, command)
    }

    /// The same by a command of the caller's, who is told the directory.
    pub fn begin_by(options: &str, sections: &str, command: impl FnOnce(&Path) -> Command) -> Supervised {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let dir = std::env::temp_dir().join(format!("vat-init-{}-{count}", std::process::id()));
        fs::create_dir_all(&dir).expect("a directory");
        let conf = format!(
            "[supervisord]\nnodaemon=true\nsilent=true\nuser=root\nlogfile=%(here)s/log\npidfile=%(here)s/pid\n\
             childlogdir=%(here)s\nminfds=64\n{options}\n\
             [unix_http_server]\nfile=%(here)s/socket\n\
             [rpcinterface:supervisor]\nsupervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface\n\
             {sections}\n"
        );
        fs::write(dir.join("conf"), conf).expect("a configuration");
        let errors = fs::File::create(dir.join("stderr")).expect("a file");
        let child = command(&dir).current_dir(&dir).stderr(errors).spawn().expect("vat-init");
        Supervised { dir, child }
    }

    /// Starts one anew in the same directory, when the one before has ended.
    pub fn start_again(&mut self) {
        let errors = fs::File::create(self.dir.join("stderr")).expect("a file");
        self.child = command(&self.dir).current_dir(&self.dir).stderr(errors).spawn().expect("vat-init");
        self.until_it_answers();
    }

    /// Calls a method.
    pub fn call(&self, method: &str, params: Vec<Value>) -> Reply {
        self.try_call(method, params).unwrap_or_else(|| panic!("no answer\n{}", self.log()))
    }

    /// The same with one name.
    pub fn call_with(&self, method: &str, name: &str) -> Reply {
        self.call(&format!("supervisor.{method}"), vec![Value::text(name)])
    }

    /// Calls a method; `None` where no answer comes.
    pub fn try_call(&self, method: &str, params: Vec<Value>) -> Option<Reply> {
        self.try_call_within(PATIENCE, method, params)
    }

    /// The same, and an answer that takes longer is none.
    pub fn try_call_within(&self, patience: Duration, method: &str, params: Vec<Value>) -> Option<Reply> {
        let call = rpc::write_call(&Call { method: method.to_owned(), params });
        let mut stream = UnixStream::connect(self.dir.join("socket")).ok()?;
        stream.set_read_timeout(Some(patience)).ok()?;
        let head = format!("POST /RPC2 HTTP/1.0\r\nContent-Type: text/xml\r\nContent-Length: {}\r\n\r\n", call.len());
        stream.write_all(&[head.as_bytes(), &call].concat()).ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok()?;
        let body = answer.get(rpc::head::end(&answer, 0)?..)?;
        rpc::read_reply(body).ok()
    }

    /// What getProcessInfo says of a process.
    pub fn info(&self, name: &str) -> Value {
        self.call_with("getProcessInfo", name).expect("its information")
    }

    /// A text of it, such as `statename` or `description`.
    pub fn told(&self, name: &str, member: &str) -> String {
        self.info(name).member(member).and_then(Value::as_text).expect("a text").to_owned()
    }

    /// The name of a process's state.
    pub fn state(&self, name: &str) -> String {
        self.told(name, "statename")
    }

    /// A process's pid; 0 while there is none.
    pub fn pid(&self, name: &str) -> u32 {
        let pid = self.info(name).member("pid").and_then(Value::as_int);
        u32::try_from(pid.expect("a number")).expect("a pid")
    }

    /// Waits until a process is in that state.
    pub fn until_state(&self, name: &str, state: &str) {
        self.until(&format!("{name} {state}"), || (self.state(name) == state).then_some(()));
    }

    /// The main log, as far as it is written.
    pub fn log(&self) -> String {
        self.file("log")
    }

    /// Waits until the main log has these words.
    pub fn until_logged(&self, words: &str) {
        self.until(words, || self.log().contains(words).then_some(()));
    }

    /// What is in a file of its directory; nothing where there is none.
    pub fn file(&self, name: &str) -> String {
        fs::read(self.dir.join(name)).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    /// Waits for something; fails with the main log where it does not come.
    pub fn until<T>(&self, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
        let began = Instant::now();
        loop {
            if let Some(found) = look() {
                return found;
            }
            if began.elapsed() > PATIENCE {
                panic!("waited in vain for: {what}\n{}{}", self.file("stderr"), self.log());
            }
            std::thread::sleep(BEAT);
        }
    }

    /// The daemon's own pid.
    pub fn own_pid(&self) -> u32 {
        self.child.id()
    }

    /// What was piped to it.
    pub fn stdin(&mut self) -> ChildStdin {
        self.child.stdin.take().expect("a pipe")
    }

    /// Types a line again and again until a file of its directory has these words: a terminal that changes hands drops what was
    /// typed meanwhile.
    pub fn type_until(&self, typing: &mut ChildStdin, line: &str, file: &str, words: &str) {
        self.until(line, || {
            writeln!(typing, "{line}").expect("a terminal");
            std::thread::sleep(20 * BEAT);
            self.file(file).contains(words).then_some(())
        });
    }

    /// Sends the daemon a signal.
    pub fn signal(&self, signal: i32) {
        sys::process::send(self.child.id(), signal).expect("a signal");
    }

    /// Waits for the daemon's own end, and says its exit code.
    pub fn code(&mut self) -> Option<i32> {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return status.code();
            }
            std::thread::sleep(BEAT);
        }
        panic!("it does not end\n{}", self.log());
    }

    /// Tells it to stop everything, and says its exit code.
    pub fn stop(&mut self) -> Option<i32> {
        self.signal(sys::signal::number::TERM);
        self.code()
    }
}

fn command(dir: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(["-c".as_ref(), dir.join("conf").as_os_str()]).stdin(Stdio::null()).stdout(Stdio::null());
    command
}

impl Drop for Supervised {
    fn drop(&mut self) {
        // A test that failed has not stopped it. It gets the chance to take its processes along.
        if let Ok(None) = self.child.try_wait() {
            self.signal(sys::signal::number::TERM);
            let began = Instant::now();
            while began.elapsed() < Duration::from_secs(3) && matches!(self.child.try_wait(), Ok(None)) {
                std::thread::sleep(BEAT);
            }
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
        let _ = fs::remove_dir_all(&self.dir);
    }
}
