//! `vat-initctl`, also as `supervisorctl`

fn main() -> std::process::ExitCode {
    vat::initctl::main()
}
