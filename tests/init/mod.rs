//! `vat-init` as a whole: a daemon of its own for each test.

mod additions;
mod aside;
mod limits;
