//! What needs neither root nor Docker.

mod golden;
mod hostile;
mod house;
mod man;
mod parsers;
