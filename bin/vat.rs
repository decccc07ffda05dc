//! The command line of the host.

fn main() -> std::process::ExitCode {
    vat::command::main()
}
