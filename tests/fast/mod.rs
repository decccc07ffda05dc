//! What needs neither root nor Docker.

mod cpu_usage;
mod golden;
mod hostile;
mod house;
mod man;
mod parsers;
mod toprc;
