//! Vat's tests, one program; `tests/run` calls it by its modules.

#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "in a test a panic is the failure itself, and what is printed is what was measured"
)]

mod contain;
mod fast;
mod init;
mod oracle;
mod pid1;
mod screen;
mod support;
mod vm;
