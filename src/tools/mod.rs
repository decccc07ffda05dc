//! The drop-ins, a module each: arguments, a pure view of the figures, text. They do not know each other; what they agree on lies
//! below, in `container`.

pub mod df;
pub mod free;
pub mod getopt;
pub mod here;
mod locale;
pub mod nproc;
pub mod procps;
mod quote;
pub mod top;
pub mod uptime;

use crate::sys::{self, Live, Machine};
use std::ffi::OsString;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// One run of a tool: who called it how, the machine it asks, and where its words go.
pub struct Call<'a> {
    /// How the user called it, `argv[0]`.
    pub program: OsString,
    /// The arguments after that.
    pub args: Vec<OsString>,
    /// The machine.
    pub machine: &'a dyn Machine,
    /// Standard output.
    pub out: &'a mut dyn Write,
    /// Standard error.
    pub err: &'a mut dyn Write,
}

impl Call<'_> {
    /// The program's name without its directory, as the originals begin most messages.
    #[must_use]
    pub fn short_name(&self) -> String {
        let path = Path::new(&self.program);
        path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
    }
}

/// A tool: runs to its end and says the exit code. An error is one of writing its output.
pub type Tool = fn(&mut Call<'_>) -> io::Result<u8>;

/// Runs a tool on this machine with this process's arguments, and says its exit code. A reader that has seen enough (a broken
/// pipe) is no failure.
#[must_use]
pub fn run(tool: Tool) -> u8 {
    let mut args = std::env::args_os();
    let mut out = BufWriter::new(sys::standard_output());
    let mut call = Call {
        program: args.next().unwrap_or_default(),
        args: args.collect(),
        machine: &Live::new(),
        out: &mut out,
        err: &mut io::stderr().lock(),
    };
    let name = call.short_name();
    let ended = tool(&mut call);
    let flushed = out.flush();
    // A tool that failed has said why.
    let written = ended.and_then(|code| if code == 0 { flushed.map(|()| 0) } else { Ok(code) });
    match written {
        Ok(code) => code,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => 0,
        Err(error) => {
            let reason = sys::process::reason(&error);
            // Nothing is left to do when standard error is gone as well.
            let _ = writeln!(io::stderr(), "{name}: write error: {reason}");
            1
        }
    }
}

/// The `main` of a tool's program, which is `#![no_main]`.
///
/// The C library calls it without the standard library's start, which reads /proc/self/maps, prepares for stack overflows and looks
/// after the standard descriptors: half of all that a drop-in would do. What is left out is not missed, for a tool runs one thread,
/// dies of a closed pipe as its original does, and says that it cannot write where standard output is closed.
#[macro_export]
macro_rules! drop_in {
    ($tool:path) => {
        #[allow(unsafe_code, reason = "the name by which the C library calls a program")]
        #[unsafe(no_mangle)]
        extern "C" fn main() -> i32 {
            i32::from($crate::tools::run($tool))
        }
    };
}
