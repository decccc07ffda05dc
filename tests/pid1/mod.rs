//! `vat-init` as PID 1 of a pid and a mount namespace, which needs root and no Docker. What needs Docker is in `contain::init`.

mod bare;
mod ending;
mod environment;
mod faults;
mod namespace;
mod orphans;
mod output;
mod pids;
mod scarce;
mod signals;
mod stopping;
mod terminal;
mod time;
