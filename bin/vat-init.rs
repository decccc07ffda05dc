//! `vat-init`, also as `supervisord`, `tini` and `dumb-init`

#![no_main]

// The C library calls it without the standard library's start, which ignores SIGPIPE and takes SIGSEGV: what this program starts
// is to find all signals as they were.
#[allow(unsafe_code, reason = "the name by which the C library calls a program")]
#[unsafe(no_mangle)]
extern "C" fn main() -> i32 {
    i32::from(vat::init::main())
}
