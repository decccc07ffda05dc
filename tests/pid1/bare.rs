//! Containers in which almost nothing is there, or allowed.

use super::namespace::Namespace;
use crate::support::supervised::PROGRAM;
use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::process::{Command, Stdio};
use std::time::Duration;
use vat::sys::process::before_exec;

/// Nothing but `vat-init` and its configuration: its programs can only be others of it.
const ALONE: &str = "[program:a]\ncommand=/vat-init -n -c /inner.conf\nautorestart=false\n\
                     [program:auto]\ncommand=/vat-init --version\nstartsecs=0\nautorestart=false\n";

/// Begins one in a root directory of its own, which is all there is of files. The configuration is the same; `%(here)s` is `/`.
fn begin_alone(read_only: bool) -> Namespace {
    Namespace::begin_by("", ALONE, |dir, _| {
        fs::copy(PROGRAM, dir.join("vat-init")).unwrap();
        // The AUTO logs go where they go by themselves.
        let conf = fs::read_to_string(dir.join("conf")).unwrap();
        fs::write(dir.join("conf"), conf.replacen("childlogdir=%(here)s\n", "", 1)).unwrap();
        fs::write(dir.join("inner.conf"), "[supervisord]\nlogfile=/inner\npidfile=/inner.pid\n").unwrap();
        let enter = "mount --bind . . && cd \"$PWD\"";
        let restrict = if read_only { "&& mount -o remount,bind,ro ." } else { "" };
        let script = format!("{enter} {restrict} && exec chroot . /vat-init -c /conf");
        let mut command = Command::new("unshare");
        command.args(["--pid", "--mount", "--fork", "--kill-child", "sh", "-c", &script]);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command
    })
}

/// Case 29: no /proc, /dev, /etc and /tmp.
#[test]
fn the_static_binary_is_all_it_needs() {
    let mut init = begin_alone(false);
    init.until_it_answers();
    init.until_state("auto", "EXITED");
    init.until_state("a", "RUNNING");
    init.call_with("stopProcess", "a").expect("a stop");
    assert_eq!(init.stop().0, Some(0));
}

#[test]
fn a_read_only_root_is_enough_to_run() {
    let mut init = begin_alone(true);
    // Not even the socket can be made; programs run all the same.
    init.until("the inner one", || super::namespace::only_child(init.host_pid));
    std::thread::sleep(Duration::from_millis(500));
    let words = init.file("stderr");
    assert!(init.is_alive(), "{words}");
    assert_eq!(init.stop().0, Some(0));
}

/// Case 30: a user that nobody knows (`docker run --user 12345`).
#[test]
fn any_user_will_do() {
    for user in ["", "user=12345\n"] {
        let mut init = Namespace::begin_run_by(
            &format!("silent=false\n{user}"),
            "[program:a]\ncommand=id -u\nstdout_logfile=%(here)s/a\nstartsecs=0\nautorestart=false\nuser=12345\n",
            &["setpriv", "--reuid", "12345", "--regid", "12345", "--clear-groups"],
            |dir, command| {
                let conf = fs::read_to_string(dir.join("conf")).unwrap();
                fs::write(dir.join("conf"), conf.replacen("user=root\n", "", 1)).unwrap();
                chown(dir, Some(12345), Some(12345)).unwrap();
                fs::set_permissions(dir, fs::Permissions::from_mode(0o700)).unwrap();
                chown(dir.join("conf"), Some(12345), Some(12345)).unwrap();
                command
            },
        );
        init.until_it_answers();
        init.until_state("a", "EXITED");
        init.until("its user", || (init.file("a") == "12345\n").then_some(()));
        assert_eq!(init.stop().0, Some(0));
    }
}

/// Case 31: old kernels do not know the newer system calls, and old Docker's filter refuses them with another error.
#[test]
fn newer_system_calls_may_be_missing_or_refused() {
    for error in [libc::ENOSYS, libc::EPERM] {
        let mut init = Namespace::begin_by(
            "",
            "[program:a]\ncommand=sh -c 'ls /proc/$$/fd; exec sleep 1000'\nstdout_logfile=%(here)s/a\nstartsecs=0\n\
             [program:b]\ncommand=sh -c 'sleep 0.2 & exec sleep 1000'\nstopasgroup=true\nkillasgroup=true\n",
            |_, mut command| {
                before_exec(&mut command, move || filter::refuse(&NEWER, error));
                command
            },
        );
        init.until_it_answers();
        init.until_state("b", "RUNNING");
        for _ in 0..3 {
            init.call_with("stopProcess", "a").expect("a stop");
            init.call_with("startProcess", "a").expect("a start");
        }
        let open = init.until("its files", || Some(init.file("a")).filter(|text| !text.is_empty()));
        assert!(open.split_whitespace().all(|number| number.parse::<u32>().unwrap() < 4), "{open}");
        assert_eq!(init.stop().0, Some(0));
    }
}

/// pidfd_send_signal, pidfd_open, clone3, close_range, openat2, pidfd_getfd, faccessat2, process_madvise, epoll_pwait2.
const NEWER: [u32; 9] = [424, 434, 435, 436, 437, 438, 439, 440, 441];

mod filter {
    //! A filter of system calls (seccomp(2)).

    #![allow(unsafe_code, reason = "prctl(2) takes a filter by its address")]

    use std::io;

    /// From now on these system calls fail with that error, for this process and all that it starts.
    pub(super) fn refuse(calls: &[u32], error: i32) -> io::Result<()> {
        let operation = |code: u32, jt: u8, jf: u8, k: u32| libc::sock_filter { code: code as u16, jt, jf, k };
        let mut program = [operation(0, 0, 0, 0); 32];
        let mut length = 0;
        let mut add = |one| {
            program[length] = one;
            length += 1;
        };
        // The number of the call is the first word of what the filter sees (struct seccomp_data).
        add(operation(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, 0, 0, 0));
        for (call, left) in calls.iter().zip((0..calls.len()).rev()) {
            add(operation(libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K, left as u8 + 1, 0, *call));
        }
        add(operation(libc::BPF_RET | libc::BPF_K, 0, 0, libc::SECCOMP_RET_ALLOW));
        add(operation(libc::BPF_RET | libc::BPF_K, 0, 0, libc::SECCOMP_RET_ERRNO | error.unsigned_abs()));
        let program = libc::sock_fprog { len: length as u16, filter: program.as_mut_ptr() };
        // SAFETY: the filter outlives the call; the kernel checks it.
        let set = unsafe {
            libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
            libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &program)
        };
        if set == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
    }
}
