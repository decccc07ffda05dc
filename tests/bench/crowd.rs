//! A crowd to look at: `crowd PROCESSES [THREADS]` starts so many processes that sleep, each with so many threads (1), says `ready`
//! on standard output, and ends them all when standard input ends.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    unsafe_code,
    reason = "a tool of the tests: what goes wrong in it shall stop the test"
)]

use std::io::Read;
use std::time::Duration;

fn main() {
    let mut args = std::env::args().skip(1).map(|arg| arg.parse::<usize>().expect("a number"));
    let processes = args.next().expect("usage: crowd PROCESSES [THREADS]");
    let threads = args.next().unwrap_or(1);
    let (mut reader, writer) = std::io::pipe().expect("a pipe");
    let mut pids = Vec::with_capacity(processes);
    for _ in 0..processes {
        // SAFETY: there is one thread; the child calls what may be called after a fork of one.
        match unsafe { libc::fork() } {
            0 => sleep(threads, writer),
            -1 => {
                let why = std::io::Error::last_os_error();
                end(&pids);
                panic!("fork: {why}");
            }
            pid => pids.push(pid),
        }
    }
    drop(writer);
    // Each writes a byte when its threads run.
    let mut ready = vec![0; processes];
    reader.read_exact(&mut ready).expect("all of them");
    println!("ready");
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
    end(&pids);
}

/// The life of one of them.
fn sleep(threads: usize, mut writer: std::io::PipeWriter) -> ! {
    // SAFETY: plain system call; it dies with its parent.
    unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
    for _ in 1..threads {
        let idle = || {
            loop {
                std::thread::sleep(Duration::from_secs(3600));
            }
        };
        std::thread::Builder::new().stack_size(16 << 10).spawn(idle).expect("a thread");
    }
    std::io::Write::write_all(&mut writer, b".").expect("a reader");
    drop(writer);
    loop {
        std::thread::sleep(Duration::from_secs(3600));
    }
}

fn end(pids: &[i32]) {
    for pid in pids {
        // SAFETY: our own children, not yet waited for.
        unsafe {
            libc::kill(*pid, libc::SIGKILL);
            libc::waitpid(*pid, std::ptr::null_mut(), 0);
        }
    }
}
