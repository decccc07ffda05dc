#![doc = include_str!("README.md")]

pub mod kernel;
pub mod snapshot;
pub mod unit;
pub mod userland;
